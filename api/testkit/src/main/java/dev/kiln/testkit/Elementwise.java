package dev.kiln.testkit;

import static dev.kiln.testkit.Operands.reals;
import static dev.kiln.testkit.Operands.require;
import static dev.kiln.testkit.Operands.sameShape;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Gelu;
import dev.kiln.spi.backend.Tensor;
import java.util.Arrays;

/** One element at a time. */
final class Elementwise {
    private static final double ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);

    private Elementwise() {}

    static void fill(Tensor out, double value) {
        Arrays.fill(reals("fill", out), value);
    }

    static void copy(Tensor out, Tensor x) {
        sameShape("copy", out, x);
        double[] from = reals("copy", x);
        System.arraycopy(from, 0, reals("copy", out), 0, from.length);
    }

    static void cast(Tensor out, Tensor x) {
        sameShape("cast", out, x);
        ReferenceTensor to = Operands.living("cast", out);
        ReferenceTensor from = Operands.living("cast", x);
        require(to.type() != DType.INT32, "cast", "expected a float type, got " + to);
        require(from.type() != DType.INT32, "cast", "expected a float type, got " + from);
        for (int i = 0; i < from.reals().length; i++) {
            to.reals()[i] = rounded(from.reals()[i], to.type());
        }
    }

    /** FLOAT32 isn't rounded here, so that finite differences work. */
    static double rounded(double value, DType type) {
        return type == DType.BFLOAT16 ? bfloat16(value) : value;
    }

    /** The nearest number of 8 significant bits; of two, the one whose last bit is 0. */
    private static double bfloat16(double value) {
        if (Double.isNaN(value)) {
            return value;
        }
        int bits = Float.floatToIntBits((float) value);
        int lastKept = (bits >>> 16) & 1;
        return Float.intBitsToFloat((bits + 0x7fff + lastKept) & 0xffff0000);
    }

    static void add(Tensor out, Tensor a, Tensor b) {
        sameShape("add", out, a, b);
        double[] o = reals("add", out);
        double[] x = reals("add", a);
        double[] y = reals("add", b);
        for (int i = 0; i < o.length; i++) {
            o[i] = x[i] + y[i];
        }
    }

    static void multiply(Tensor out, Tensor a, Tensor b) {
        sameShape("multiply", out, a, b);
        double[] o = reals("multiply", out);
        double[] x = reals("multiply", a);
        double[] y = reals("multiply", b);
        for (int i = 0; i < o.length; i++) {
            o[i] = x[i] * y[i];
        }
    }

    static void scale(Tensor out, Tensor x, double factor) {
        sameShape("scale", out, x);
        double[] o = reals("scale", out);
        double[] from = reals("scale", x);
        for (int i = 0; i < o.length; i++) {
            o[i] = factor * from[i];
        }
    }

    static void addScaled(Tensor out, Tensor x, double factor) {
        sameShape("addScaled", out, x);
        double[] o = reals("addScaled", out);
        double[] from = reals("addScaled", x);
        for (int i = 0; i < o.length; i++) {
            o[i] = o[i] + factor * from[i];
        }
    }

    static void dropout(Tensor out, Tensor x, Dropout dropout) {
        sameShape("dropout", out, x);
        double[] o = reals("dropout", out);
        double[] from = reals("dropout", x);
        for (int i = 0; i < o.length; i++) {
            o[i] = from[i] * kept(dropout, dropout.key(), i);
        }
    }

    /** What an element is multiplied by: 0, or 1 / (1 - rate). */
    static double kept(Dropout dropout, long key, int counter) {
        if (!dropout.active()) {
            return 1;
        }
        int threshold = Randomness.dropThreshold(dropout.rate());
        boolean keep = Integer.compareUnsigned(Randomness.bits32(key, counter), threshold) >= 0;
        return keep ? 1 / (1 - dropout.rate()) : 0;
    }

    static void gelu(Tensor out, Tensor x, Gelu form) {
        sameShape("gelu", out, x);
        double[] o = reals("gelu", out);
        double[] from = reals("gelu", x);
        for (int i = 0; i < o.length; i++) {
            o[i] = from[i] * gate(from[i], form);
        }
    }

    static void geluBackward(Tensor dX, Tensor dOut, Tensor x, Gelu form) {
        sameShape("geluBackward", dX, dOut, x);
        Operands.distinct("geluBackward", dX, x);
        double[] gradient = reals("geluBackward", dX);
        double[] above = reals("geluBackward", dOut);
        double[] from = reals("geluBackward", x);
        for (int i = 0; i < gradient.length; i++) {
            double slope = gate(from[i], form) + from[i] * gateSlope(from[i], form);
            gradient[i] = above[i] * slope;
        }
    }

    /** gelu(x) / x. */
    private static double gate(double x, Gelu form) {
        return switch (form) {
            case TANH -> 0.5 * (1 + Math.tanh(ROOT_2_OVER_PI * (x + 0.044715 * x * x * x)));
            case ERF -> 0.5 * (1 + erf(x / Math.sqrt(2)));
        };
    }

    /** The derivative of {@link #gate}. */
    private static double gateSlope(double x, Gelu form) {
        return switch (form) {
            case TANH -> {
                double tanh = Math.tanh(ROOT_2_OVER_PI * (x + 0.044715 * x * x * x));
                double inner = ROOT_2_OVER_PI * (1 + 3 * 0.044715 * x * x);
                yield 0.5 * (1 - tanh * tanh) * inner;
            }
            case ERF -> Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
        };
    }

    /** 2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!: Abramowitz and Stegun, 7.1.6; no cancellation. */
    private static double erf(double x) {
        if (!(Math.abs(x) < 6)) {
            return Double.isNaN(x) ? x : Math.signum(x);
        }
        double sum = 0;
        double term = x;
        for (int n = 1; sum + term != sum; n++) {
            sum += term;
            term *= 2 * x * x / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
