package dev.kiln.platform.benchmark;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The most that float32 arithmetic can do without memory: fused multiply-adds in registers. */
final class FmaPeak {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    /** Independent sums, enough to fill two pipelines of a latency of five. */
    private static final int SUMS = 12;

    private static final int LOOPS = 2_000_000;
    private static final int ROUNDS = 5;

    private FmaPeak() {}

    /** Floating-point operations in a second of all threads together; a fused one counts two. */
    static double of(int threads) {
        float[] ends = new float[threads];
        double seconds = Crew.bestSeconds(threads, ROUNDS, t -> ends[t] = chains(LOOPS));
        if (!(ends[0] > 0)) {
            throw new IllegalStateException("positive numbers added up to " + ends[0]);
        }
        return 2.0 * SUMS * FLOATS.length() * LOOPS * threads / seconds;
    }

    private static float chains(int loops) {
        FloatVector x = FloatVector.broadcast(FLOATS, 0.5f);
        FloatVector y = FloatVector.broadcast(FLOATS, 1);
        FloatVector a = y, b = y, c = y, d = y, e = y, f = y;
        FloatVector g = y, h = y, i = y, j = y, k = y, l = y;
        for (int n = 0; n < loops; n++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        return a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .lane(0);
    }
}
