package dev.kiln.testkit;

import static dev.kiln.testkit.Operands.floats;
import static dev.kiln.testkit.Operands.same;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Tensor;

/** Activation functions as their formulas say, one element at a time. */
final class ReferenceActivations {
    private static final double ROOT_2_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double QUICK = 1.702;

    private ReferenceActivations() {}

    static void forward(Tensor out, Tensor x, ActivationFunction function) {
        same("activation", out, x);
        double[] o = floats("activation", out);
        double[] from = floats("activation", x);
        for (int i = 0; i < o.length; i++) {
            o[i] = value(from[i], function);
        }
    }

    static void backward(Tensor dX, Tensor dOut, Tensor x, ActivationFunction function) {
        same("activationBackward", dX, dOut, x);
        Operands.distinct("activationBackward", dX, x);
        double[] gradient = floats("activationBackward", dX);
        double[] above = floats("activationBackward", dOut);
        double[] from = floats("activationBackward", x);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = above[i] * slope(from[i], function);
        }
    }

    private static double value(double x, ActivationFunction function) {
        return switch (function) {
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(inner(x)));
            case GELU_ERF -> 0.5 * x * (1 + erf(x / Math.sqrt(2)));
            case QUICK_GELU -> x * sigmoid(QUICK * x);
            case SILU -> x * sigmoid(x);
            case RELU -> Math.max(x, 0);
            case TANH -> Math.tanh(x);
        };
    }

    private static double slope(double x, ActivationFunction function) {
        return switch (function) {
            case GELU_TANH -> {
                double tanh = Math.tanh(inner(x));
                double rise = ROOT_2_OVER_PI * (1 + 3 * 0.044715 * x * x);
                yield 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * rise;
            }
            case GELU_ERF ->
                    0.5 * (1 + erf(x / Math.sqrt(2)))
                            + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            case QUICK_GELU -> gatedSlope(x, QUICK);
            case SILU -> gatedSlope(x, 1);
            case RELU -> x <= 0 ? 0 : 1;
            case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
        };
    }

    private static double inner(double x) {
        return ROOT_2_OVER_PI * (x + 0.044715 * x * x * x);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** The derivative of x σ(k x). */
    private static double gatedSlope(double x, double k) {
        double s = sigmoid(k * x);
        return s + k * x * s * (1 - s);
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
