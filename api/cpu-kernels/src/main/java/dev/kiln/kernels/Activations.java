package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.BYTES;
import static dev.kiln.kernels.Lanes.load;
import static dev.kiln.kernels.Lanes.store;

import dev.kiln.spi.backend.Gelu;

/** GELU and its backward kernel, over a number of whole vectors. */
final class Activations {
    private Activations() {}

    static void gelu(long out, long x, Gelu form, int vectors) {
        switch (form) {
            case TANH -> tanh(out, x, vectors);
            case ERF -> erf(out, x, vectors);
        }
    }

    static void geluBackward(long dX, long dOut, long x, Gelu form, int vectors) {
        switch (form) {
            case TANH -> tanhBackward(dX, dOut, x, vectors);
            case ERF -> erfBackward(dX, dOut, x, vectors);
        }
    }

    private static void tanh(long out, long x, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            store(VectorMath.geluTanh(load(x + at)), out + at);
        }
    }

    private static void tanhBackward(long dX, long dOut, long x, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            store(VectorMath.geluTanhSlope(load(x + at)).mul(load(dOut + at)), dX + at);
        }
    }

    private static void erf(long out, long x, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            store(VectorMath.geluErf(load(x + at)), out + at);
        }
    }

    private static void erfBackward(long dX, long dOut, long x, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            store(VectorMath.geluErfSlope(load(x + at)).mul(load(dOut + at)), dX + at);
        }
    }
}
