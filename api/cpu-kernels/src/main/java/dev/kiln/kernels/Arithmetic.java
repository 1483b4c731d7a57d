package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.BYTES;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.INTS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Element by element, over a number of whole vectors. */
final class Arithmetic {
    private Arithmetic() {}

    /** The same four bytes all over. */
    static void fill(long out, int bits, long bytes) {
        IntVector x = IntVector.broadcast(INTS, bits);
        for (long at = out; at < out + bytes; at += BYTES) {
            x.intoMemorySegment(MEMORY, at, ORDER);
        }
    }

    static void add(long out, long a, long b, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            fromMemorySegment(FLOATS, MEMORY, a + at, ORDER)
                    .add(fromMemorySegment(FLOATS, MEMORY, b + at, ORDER))
                    .intoMemorySegment(MEMORY, out + at, ORDER);
        }
    }

    static void multiply(long out, long a, long b, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            fromMemorySegment(FLOATS, MEMORY, a + at, ORDER)
                    .mul(fromMemorySegment(FLOATS, MEMORY, b + at, ORDER))
                    .intoMemorySegment(MEMORY, out + at, ORDER);
        }
    }

    static void scale(long out, long x, float factor, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            fromMemorySegment(FLOATS, MEMORY, x + at, ORDER)
                    .mul(factor)
                    .intoMemorySegment(MEMORY, out + at, ORDER);
        }
    }

    /** out = y + factor · x. */
    static void addScaled(long out, long y, long x, float factor, int vectors) {
        FloatVector f = broadcast(FLOATS, factor);
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            fromMemorySegment(FLOATS, MEMORY, x + at, ORDER)
                    .fma(f, fromMemorySegment(FLOATS, MEMORY, y + at, ORDER))
                    .intoMemorySegment(MEMORY, out + at, ORDER);
        }
    }
}
