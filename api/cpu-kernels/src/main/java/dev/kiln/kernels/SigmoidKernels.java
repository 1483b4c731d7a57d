package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.BYTES;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/**
 * ReLU, tanh and what is gated by a sigmoid, and their slopes, over a tile of a number of whole
 * vectors. The exponential e is computed apart: e^(-2|x|) for tanh, e^(-k x) for x σ(k x).
 */
final class SigmoidKernels {
    private SigmoidKernels() {}

    /** x / (1 + e). */
    static void gated(long out, long x, long exponential, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            FloatVector e = fromMemorySegment(FLOATS, MEMORY, exponential + at, ORDER);
            fromMemorySegment(FLOATS, MEMORY, x + at, ORDER)
                    .div(e.add(1f))
                    .intoMemorySegment(MEMORY, out + at, ORDER);
        }
    }

    /** dOut (s + k x s (1 - s)), with s = 1 / (1 + e). */
    static void gatedBackward(long dX, long dOut, long x, long exponential, float k, int vectors) {
        FloatVector one = broadcast(FLOATS, 1f);
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            FloatVector e = fromMemorySegment(FLOATS, MEMORY, exponential + at, ORDER);
            FloatVector s = one.div(e.add(one));
            FloatVector y = fromMemorySegment(FLOATS, MEMORY, x + at, ORDER);
            FloatVector slope = y.mul(k).mul(one.sub(s)).fma(s, s);
            fromMemorySegment(FLOATS, MEMORY, dOut + at, ORDER)
                    .mul(slope)
                    .intoMemorySegment(MEMORY, dX + at, ORDER);
        }
    }

    /** e^(-2|x|). */
    static void tanhExponential(long out, long x, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            fromMemorySegment(FLOATS, MEMORY, x + at, ORDER)
                    .abs()
                    .intoMemorySegment(MEMORY, out + at, ORDER);
        }
        Exponentials.exp(out, out, vectors * COUNT, 0, -2);
    }

    /** (1 - e) / (1 + e), with the sign of x. */
    static void tanh(long out, long x, long exponential, int vectors) {
        FloatVector one = broadcast(FLOATS, 1f);
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            FloatVector e = fromMemorySegment(FLOATS, MEMORY, exponential + at, ORDER);
            FloatVector t = one.sub(e).div(one.add(e));
            FloatVector y = fromMemorySegment(FLOATS, MEMORY, x + at, ORDER);
            t.blend(t.neg(), y.compare(LT, 0f)).intoMemorySegment(MEMORY, out + at, ORDER);
        }
    }

    /** dOut 4 e / (1 + e)². */
    static void tanhBackward(long dX, long dOut, long exponential, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            FloatVector e = fromMemorySegment(FLOATS, MEMORY, exponential + at, ORDER);
            FloatVector sum = e.add(1f);
            FloatVector slope = e.mul(4f).div(sum.mul(sum));
            fromMemorySegment(FLOATS, MEMORY, dOut + at, ORDER)
                    .mul(slope)
                    .intoMemorySegment(MEMORY, dX + at, ORDER);
        }
    }

    /** max(x, 0); NaN stays. */
    static void relu(long out, long x, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            fromMemorySegment(FLOATS, MEMORY, x + at, ORDER)
                    .max(0f)
                    .intoMemorySegment(MEMORY, out + at, ORDER);
        }
    }

    /** dOut where x is above 0, else 0. */
    static void reluBackward(long dX, long dOut, long x, int vectors) {
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            FloatVector y = fromMemorySegment(FLOATS, MEMORY, x + at, ORDER);
            fromMemorySegment(FLOATS, MEMORY, dOut + at, ORDER)
                    .blend(0f, y.compare(LE, 0f))
                    .intoMemorySegment(MEMORY, dX + at, ORDER);
        }
    }
}
