package dev.kiln.testkit;

import static dev.kiln.testkit.Operands.reals;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.CompactMoment;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Weight;
import java.util.List;

/** The update with moments of one byte an element. */
final class CompactOptimization {
    private static final String KERNEL = "adamWCompact";

    private CompactOptimization() {}

    static void adamW(
            List<Weight> weights,
            List<CompactMoment> firstMoments,
            List<CompactMoment> secondMoments,
            AdamWStep step) {
        Operands.require(
                weights.size() == firstMoments.size() && weights.size() == secondMoments.size(),
                KERNEL,
                "expected two moments a weight");
        Operands.require(step.step() >= 1, KERNEL, "the first step is 1, got " + step.step());
        for (int i = 0; i < weights.size(); i++) {
            update(weights.get(i), firstMoments.get(i), secondMoments.get(i), step);
        }
    }

    private static void update(
            Weight weight, CompactMoment first, CompactMoment second, AdamWStep step) {
        double[] w = reals(KERNEL, weight.value());
        double[] gradient = reals(KERNEL, weight.gradient(), w.length);
        double[] m = decoded(first, w.length, true);
        double[] v = decoded(second, w.length, false);
        for (int i = 0; i < w.length; i++) {
            double g = step.gradientScale() * gradient[i];
            m[i] = step.beta1() * m[i] + (1 - step.beta1()) * g;
            v[i] = step.beta2() * v[i] + (1 - step.beta2()) * g * g;
            w[i] = Optimization.updated(w[i], m[i], v[i], step);
        }
        long key = Randomness.key(step.step(), weight.name());
        encode(first, m, true, key);
        encode(second, v, false, key);
    }

    /** The moment's elements. */
    static double[] decoded(CompactMoment moment, int size, boolean signed) {
        int[] codes = codes(moment, size);
        double[] scales = reals(KERNEL, moment.scales(), blocks(size));
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = scales[i / CompactMoment.BLOCK] * decoded(codes[i], signed);
        }
        return values;
    }

    /** What a code stands for at a scale of 1. */
    static double decoded(int code, boolean signed) {
        double s = signed ? (code - 128) / 127.0 : code / 255.0;
        return signed ? s * Math.abs(s) : s * s * s * s;
    }

    private static int[] codes(CompactMoment moment, int size) {
        ReferenceTensor codes = Operands.living(KERNEL, moment.codes());
        Operands.require(
                codes.type() == DType.UINT8 && codes.ids().length == size,
                KERNEL,
                "expected " + size + " UINT8 codes, got " + codes);
        return codes.ids();
    }

    static int blocks(int size) {
        return Math.ceilDiv(size, CompactMoment.BLOCK);
    }

    private static void encode(CompactMoment moment, double[] values, boolean signed, long key) {
        int[] codes = codes(moment, values.length);
        double[] scales = reals(KERNEL, moment.scales());
        for (int block = 0; block < scales.length; block++) {
            int from = block * CompactMoment.BLOCK;
            int to = Math.min(values.length, from + CompactMoment.BLOCK);
            scales[block] = 0;
            for (int i = from; i < to; i++) {
                scales[block] = Math.max(scales[block], Math.abs(values[i]));
            }
            for (int i = from; i < to; i++) {
                int bits = Randomness.bits32(key, i);
                double relative = scales[block] == 0 ? 0 : values[i] / scales[block];
                codes[i] =
                        signed
                                ? signed(relative, (bits >>> 16) / 65536.0)
                                : unsigned(relative, (bits & 0xffff) / 65536.0);
            }
        }
    }

    /** The code of a number in [-1, 1]: its magnitude is rounded. */
    private static int signed(double x, double draw) {
        int below = Math.min(126, (int) (127 * Math.sqrt(Math.abs(x))));
        int magnitude = rounded(Math.abs(x), 128 + below, draw, true) - 128;
        return x < 0 ? 128 - magnitude : 128 + magnitude;
    }

    /** The code of a number in [0, 1]. */
    private static int unsigned(double x, double draw) {
        int below = Math.min(254, (int) (255 * Math.sqrt(Math.sqrt(x))));
        return x == 0 ? 0 : Math.max(1, rounded(x, below, draw, false));
    }

    /** Up from a code with the probability that makes x the mean. */
    private static int rounded(double x, int code, double draw, boolean signed) {
        double low = decoded(code, signed);
        double high = decoded(code + 1, signed);
        return draw * (high - low) < x - low ? code + 1 : code;
    }
}
