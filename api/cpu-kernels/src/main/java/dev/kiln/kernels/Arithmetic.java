package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.BYTES;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.load;
import static dev.kiln.kernels.Lanes.spread;
import static dev.kiln.kernels.Lanes.store;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Dropout;
import jdk.incubator.vector.FloatVector;

/** Element by element, over a number of whole vectors. */
final class Arithmetic {
    private Arithmetic() {}

    static void fill(long out, float value, int vectors) {
        FloatVector x = spread(value);
        for (int i = 0; i < vectors; i++) {
            store(x, out + (long) i * BYTES);
        }
    }

    static void add(long out, long a, long b, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            store(load(a + at).add(load(b + at)), out + at);
        }
    }

    static void multiply(long out, long a, long b, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            store(load(a + at).mul(load(b + at)), out + at);
        }
    }

    static void scale(long out, long x, float factor, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            store(load(x + at).mul(factor), out + at);
        }
    }

    static void addScaled(long out, long x, float factor, int vectors) {
        FloatVector f = spread(factor);
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            store(load(x + at).fma(f, load(out + at)), out + at);
        }
    }

    /**
     * @param first the counter of the first element
     */
    static void dropout(long out, long x, Dropout dropout, int first, int vectors) {
        int threshold = Randomness.dropThreshold(dropout.rate());
        float scale = (float) (1 / (1 - dropout.rate()));
        long key = dropout.key();
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            var counters = Lanes.countFrom(first + i * COUNT);
            store(DropoutLanes.apply(load(x + at), counters, key, threshold, scale), out + at);
        }
    }
}
