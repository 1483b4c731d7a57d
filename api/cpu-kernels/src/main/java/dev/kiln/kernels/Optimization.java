package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.BYTES;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.load;
import static dev.kiln.kernels.Lanes.spread;
import static dev.kiln.kernels.Lanes.store;

import dev.kiln.spi.backend.AdamWStep;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The update of weights, and what is asked of gradients before it. */
final class Optimization {
    private Optimization() {}

    /** One pass over a number of whole vectors: weight, gradient and both moments. */
    static void adamW(
            long weight, long gradient, long first, long second, AdamWStep step, int vectors) {
        double correction1 = 1 - Math.pow(step.beta1(), step.step());
        double correction2 = 1 - Math.pow(step.beta2(), step.step());
        float scale = (float) step.gradientScale();
        FloatVector decay = spread((float) (1 - step.learningRate() * step.weightDecay()));
        FloatVector rate = spread((float) (-step.learningRate() / correction1));
        FloatVector beta1 = spread((float) step.beta1());
        FloatVector beta2 = spread((float) step.beta2());
        FloatVector rest1 = spread((float) (1 - step.beta1()));
        FloatVector rest2 = spread((float) (1 - step.beta2()));
        float unbias = (float) (1 / correction2);
        float epsilon = (float) step.epsilon();
        for (int i = 0; i < vectors; i++) {
            long at = (long) i * BYTES;
            FloatVector g = load(gradient + at).mul(scale);
            FloatVector m = load(first + at).fma(beta1, g.mul(rest1));
            FloatVector v = load(second + at).fma(beta2, g.mul(g).mul(rest2));
            FloatVector update = m.div(v.mul(unbias).sqrt().add(epsilon));
            store(m, first + at);
            store(v, second + at);
            store(load(weight + at).fma(decay, update.mul(rate)), weight + at);
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
        FloatVector sum = Lanes.zero();
        FloatVector zero = Lanes.zero();
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += COUNT) {
            sum = load(x + 4L * j).fma(zero, sum);
        }
        if (whole < n) {
            VectorMask<Float> mask = Lanes.first(n - whole);
            sum = load(x + 4L * whole, mask).fma(zero, sum);
        }
        return Lanes.sum(sum) == 0;
    }
}
