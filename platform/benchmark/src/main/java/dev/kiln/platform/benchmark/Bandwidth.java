package dev.kiln.platform.benchmark;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** How fast threads read memory that no cache holds, and how fast they run STREAM's triad. */
final class Bandwidth {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int BYTES = FLOATS.vectorByteSize();

    /** Vectors of a step of the reading loop: loads that wait for none before them. */
    private static final int STEP = 4;

    /** Far more than the caches of a desktop's or a server's processor. */
    private static final long TOTAL = 768L << 20;

    private static final int ROUNDS = 5;

    private Bandwidth() {}

    /** Bytes in a second that all threads together read. */
    static double read(int threads) {
        return read(threads, TOTAL);
    }

    static double read(int threads, long bytes) {
        try (Arena arena = Arena.ofShared()) {
            long part = part(bytes, threads);
            MemorySegment all = touched(arena, part * threads);
            double[] sums = new double[threads];
            double seconds =
                    Crew.bestSeconds(
                            threads,
                            ROUNDS,
                            t -> sums[t] += sum(all.asSlice(t * part, part), part));
            if (Double.isNaN(sums[0])) {
                throw new IllegalStateException("zeros added up to " + sums[0]);
            }
            return part * threads / seconds;
        }
    }

    /**
     * Bytes in a second of a = b + s · c (McCalpin's STREAM): three arrays are counted, though a
     * processor may read a before it writes it.
     */
    static double triad(int threads) {
        return triad(threads, TOTAL);
    }

    static double triad(int threads, long bytes) {
        try (Arena arena = Arena.ofShared()) {
            long part = part(bytes / 3, threads);
            MemorySegment a = touched(arena, part * threads);
            MemorySegment b = touched(arena, part * threads);
            MemorySegment c = touched(arena, part * threads);
            double seconds =
                    Crew.bestSeconds(
                            threads,
                            ROUNDS,
                            t ->
                                    triad(
                                            a.asSlice(t * part, part),
                                            b.asSlice(t * part, part),
                                            c.asSlice(t * part, part),
                                            part));
            return 3.0 * part * threads / seconds;
        }
    }

    /** A thread's bytes, a whole number of steps. */
    private static long part(long bytes, int threads) {
        long step = (long) STEP * BYTES;
        return Math.max(1, bytes / threads / step) * step;
    }

    /** Zeros, written once, so that every page is there. */
    private static MemorySegment touched(Arena arena, long bytes) {
        return arena.allocate(bytes, 64).fill((byte) 0);
    }

    private static double sum(MemorySegment from, long bytes) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (long at = 0; at < bytes; at += STEP * BYTES) {
            a = a.add(FloatVector.fromMemorySegment(FLOATS, from, at, ORDER));
            b = b.add(FloatVector.fromMemorySegment(FLOATS, from, at + BYTES, ORDER));
            c = c.add(FloatVector.fromMemorySegment(FLOATS, from, at + 2L * BYTES, ORDER));
            d = d.add(FloatVector.fromMemorySegment(FLOATS, from, at + 3L * BYTES, ORDER));
        }
        return a.add(b).add(c.add(d)).lane(0);
    }

    private static void triad(MemorySegment a, MemorySegment b, MemorySegment c, long bytes) {
        FloatVector scale = FloatVector.broadcast(FLOATS, 3);
        for (long at = 0; at < bytes; at += BYTES) {
            FloatVector.fromMemorySegment(FLOATS, c, at, ORDER)
                    .fma(scale, FloatVector.fromMemorySegment(FLOATS, b, at, ORDER))
                    .intoMemorySegment(a, at, ORDER);
        }
    }
}
