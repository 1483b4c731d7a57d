package dev.kiln.testkit;

import static dev.kiln.testkit.Operands.floats;
import static dev.kiln.testkit.Operands.same;
import static dev.kiln.testkit.Operands.sameShape;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Gelu;
import dev.kiln.spi.backend.Tensor;
import java.util.Arrays;

/** One element at a time. */
final class Elementwise {
    private static final double ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);

    private Elementwise() {}

    static void fill(Tensor out, double value) {
        ReferenceTensor own = Operands.living("fill", out);
        switch (own.type()) {
            case FLOAT32, BFLOAT16 -> Arrays.fill(own.reals(), value);
            case INT32, UINT8 -> Arrays.fill(own.ids(), (int) value);
        }
    }

    static void copy(Tensor out, Tensor x) {
        Operands.sameType("copy", out, x);
        Operands.require(
                out.shape().size() == x.shape().size(),
                "copy",
                "expected one size, got %s and %s".formatted(out.shape(), x.shape()));
        double[] from = floats("copy", x);
        System.arraycopy(from, 0, floats("copy", out), 0, from.length);
    }

    static void cast(Tensor out, Tensor x) {
        sameShape("cast", out, x);
        double[] from = floats("cast", x);
        System.arraycopy(from, 0, floats("cast", out), 0, from.length);
    }

    static void add(Tensor out, Tensor a, Tensor b) {
        same("add", out, a, b);
        double[] o = floats("add", out);
        double[] x = floats("add", a);
        double[] y = floats("add", b);
        for (int i = 0; i < o.length; i++) {
            o[i] = x[i] + y[i];
        }
    }

    static void multiply(Tensor out, Tensor a, Tensor b) {
        same("multiply", out, a, b);
        double[] o = floats("multiply", out);
        double[] x = floats("multiply", a);
        double[] y = floats("multiply", b);
        for (int i = 0; i < o.length; i++) {
            o[i] = x[i] * y[i];
        }
    }

    static void scale(Tensor out, Tensor x, double factor) {
        same("scale", out, x);
        double[] o = floats("scale", out);
        double[] from = floats("scale", x);
        for (int i = 0; i < o.length; i++) {
            o[i] = factor * from[i];
        }
    }

    static void addScaled(Tensor out, Tensor x, double factor) {
        same("addScaled", out, x);
        double[] o = floats("addScaled", out);
        double[] from = floats("addScaled", x);
        for (int i = 0; i < o.length; i++) {
            o[i] = o[i] + factor * from[i];
        }
    }

    static void dropout(Tensor out, Tensor x, Dropout dropout) {
        same("dropout", out, x);
        double[] o = floats("dropout", out);
        double[] from = floats("dropout", x);
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
        same("gelu", out, x);
        double[] o = floats("gelu", out);
        double[] from = floats("gelu", x);
        for (int i = 0; i < o.length; i++) {
            o[i] = from[i] * gate(from[i], form);
        }
    }

    static void geluBackward(Tensor dX, Tensor dOut, Tensor x, Gelu form) {
        same("geluBackward", dX, dOut, x);
        Operands.distinct("geluBackward", dX, x);
        double[] gradient = floats("geluBackward", dX);
        double[] above = floats("geluBackward", dOut);
        double[] from = floats("geluBackward", x);
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
