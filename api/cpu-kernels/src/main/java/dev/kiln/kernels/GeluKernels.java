package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.BYTES;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/**
 * The two forms of GELU and their slopes, over a tile of a number of whole vectors: from x and an
 * exponential of it, which is computed apart.
 *
 * <p>tanh form: x s with s = 1 / (1 + e^(-2u)), u = √(2/π) (x + 0.044715 x³), which equals the form
 * with tanh. erf form: x Φ(x).
 */
final class GeluKernels {
    private static final float ROOT_2_OVER_PI = (float) Math.sqrt(2 / Math.PI);
    private static final float CUBIC = 0.044715f;
    private static final float TAIL_STEP = (float) (0.3275911 * Math.sqrt(0.5));
    private static final float DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

    private GeluKernels() {}

    /** e^(-2u). */
    static void tanhExponential(long out, long x, int vectors) {
        minusTwoU(out, x, vectors);
        Exponentials.exp(out, out, vectors * COUNT, 0, 1);
    }

    /** e^(-x²/2). */
    static void bell(long out, long x, int vectors) {
        Arithmetic.multiply(out, x, x, vectors);
        Exponentials.exp(out, out, vectors * COUNT, 0, -0.5f);
    }

    private static void minusTwoU(long out, long x, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            FloatVector y = fromMemorySegment(FLOATS, MEMORY, x + at, ORDER);
            y.mul(y.mul(y).fma(-2 * CUBIC * ROOT_2_OVER_PI, -2 * ROOT_2_OVER_PI))
                    .intoMemorySegment(MEMORY, out + at, ORDER);
        }
    }

    /** s + x s (1 - s) 2u'. */
    static void tanhBackward(long dX, long dOut, long x, long exponential, int vectors) {
        FloatVector one = broadcast(FLOATS, 1f);
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            FloatVector e = fromMemorySegment(FLOATS, MEMORY, exponential + at, ORDER);
            FloatVector s = one.div(e.add(one));
            FloatVector y = fromMemorySegment(FLOATS, MEMORY, x + at, ORDER);
            FloatVector twice = y.mul(y).fma(6 * CUBIC * ROOT_2_OVER_PI, 2 * ROOT_2_OVER_PI);
            FloatVector slope = y.mul(s).mul(one.sub(s)).fma(twice, s);
            fromMemorySegment(FLOATS, MEMORY, dOut + at, ORDER)
                    .mul(slope)
                    .intoMemorySegment(MEMORY, dX + at, ORDER);
        }
    }

    /**
     * Φ(x) = 1 - erfc(x / √2) / 2 by Abramowitz and Stegun 7.1.26, with an absolute error below
     * 1e-7. Small values of Φ keep their digits, because the tail itself is computed.
     */
    static void erf(long out, long x, long bell, int vectors) {
        FloatVector one = broadcast(FLOATS, 1f);
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            FloatVector y = fromMemorySegment(FLOATS, MEMORY, x + at, ORDER);
            FloatVector t = one.div(y.abs().fma(TAIL_STEP, 1f));
            FloatVector p = t.fma(1.061405429f, -1.453152027f);
            p = p.fma(t, broadcast(FLOATS, 1.421413741f));
            p = p.fma(t, broadcast(FLOATS, -0.284496736f));
            p = p.fma(t, broadcast(FLOATS, 0.254829592f)).mul(t);
            FloatVector e = fromMemorySegment(FLOATS, MEMORY, bell + at, ORDER);
            FloatVector tail = p.mul(e).mul(0.5f);
            FloatVector normal = one.sub(tail).blend(tail, y.compare(LT, 0f));
            y.mul(normal).intoMemorySegment(MEMORY, out + at, ORDER);
        }
    }

    /** Φ(x) + x φ(x). */
    static void erfBackward(long dX, long dOut, long x, long bell, int vectors) {
        FloatVector one = broadcast(FLOATS, 1f);
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            FloatVector y = fromMemorySegment(FLOATS, MEMORY, x + at, ORDER);
            FloatVector t = one.div(y.abs().fma(TAIL_STEP, 1f));
            FloatVector p = t.fma(1.061405429f, -1.453152027f);
            p = p.fma(t, broadcast(FLOATS, 1.421413741f));
            p = p.fma(t, broadcast(FLOATS, -0.284496736f));
            p = p.fma(t, broadcast(FLOATS, 0.254829592f)).mul(t);
            FloatVector e = fromMemorySegment(FLOATS, MEMORY, bell + at, ORDER);
            FloatVector tail = p.mul(e).mul(0.5f);
            FloatVector normal = one.sub(tail).blend(tail, y.compare(LT, 0f));
            FloatVector slope = y.mul(DENSITY).fma(e, normal);
            fromMemorySegment(FLOATS, MEMORY, dOut + at, ORDER)
                    .mul(slope)
                    .intoMemorySegment(MEMORY, dX + at, ORDER);
        }
    }
}
