package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.BYTES;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.kiln.spi.backend.AdamWStep;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The update of weights, and what is asked of gradients before it. */
final class Optimization {
    private Optimization() {}

    /** One pass over a number of whole vectors: weight, gradient and both moments. */
    static void adamW(
            long weight, long gradient, long first, long second, AdamWStep step, int vectors) {
        double correction1 = 1 - Math.pow(step.beta1(), step.step());
        double correction2 = 1 - Math.pow(step.beta2(), step.step());
        float scale = (float) step.gradientScale();
        FloatVector decay =
                broadcast(FLOATS, (float) (1 - step.learningRate() * step.weightDecay()));
        FloatVector rate = broadcast(FLOATS, (float) (-step.learningRate() / correction1));
        FloatVector beta1 = broadcast(FLOATS, (float) step.beta1());
        FloatVector beta2 = broadcast(FLOATS, (float) step.beta2());
        FloatVector rest1 = broadcast(FLOATS, (float) (1 - step.beta1()));
        FloatVector rest2 = broadcast(FLOATS, (float) (1 - step.beta2()));
        float unbias = (float) (1 / correction2);
        float epsilon = (float) step.epsilon();
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            FloatVector g = fromMemorySegment(FLOATS, MEMORY, gradient + at, ORDER).mul(scale);
            FloatVector m =
                    fromMemorySegment(FLOATS, MEMORY, first + at, ORDER).fma(beta1, g.mul(rest1));
            FloatVector v =
                    fromMemorySegment(FLOATS, MEMORY, second + at, ORDER)
                            .fma(beta2, g.mul(g).mul(rest2));
            FloatVector update = m.div(v.mul(unbias).sqrt().add(epsilon));
            m.intoMemorySegment(MEMORY, first + at, ORDER);
            v.intoMemorySegment(MEMORY, second + at, ORDER);
            fromMemorySegment(FLOATS, MEMORY, weight + at, ORDER)
                    .fma(decay, update.mul(rate))
                    .intoMemorySegment(MEMORY, weight + at, ORDER);
        }
    }

    /**
     * The sum of the squares of n floats, at most some thousand. Where that leaves the range of a
     * float it is taken in doubles.
     */
    static double squares(long x, int n) {
        float sum = Rows.dot(x, x, n);
        return sum > 1e-30f && sum < 1e30f ? sum : squaresOfDoubles(x, n);
    }

    private static double squaresOfDoubles(long x, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double value = Lanes.get(x + 4L * i);
            sum += value * value;
        }
        return sum;
    }

    /** Zero times a number is 0, or NaN if it isn't finite. */
    static boolean isFinite(long x, int n) {
        FloatVector sum = FloatVector.zero(FLOATS);
        FloatVector zero = FloatVector.zero(FLOATS);
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += COUNT) {
            sum = fromMemorySegment(FLOATS, MEMORY, x + 4L * j, ORDER).fma(zero, sum);
        }
        if (whole < n) {
            VectorMask<Float> mask = VectorMask.fromLong(FLOATS, Lanes.bits(n - whole));
            sum = fromMemorySegment(FLOATS, MEMORY, x + 4L * whole, ORDER, mask).fma(zero, sum);
        }
        return sum.compare(VectorOperators.EQ, 0f).allTrue();
    }
}
