package dev.kiln.testkit;

import static dev.kiln.testkit.Operands.floats;
import static dev.kiln.testkit.Operands.reals;

import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.Arrays;
import java.util.List;

/** Norms and the update. */
final class Optimization {
    private Optimization() {}

    static double squaredNorm(List<Tensor> tensors) {
        double sum = 0;
        for (Tensor tensor : tensors) {
            for (double x : floats("squaredNorm", tensor)) {
                sum += x * x;
            }
        }
        return sum;
    }

    static boolean isFinite(Tensor x) {
        return Arrays.stream(floats("isFinite", x)).allMatch(Double::isFinite);
    }

    static void adamW(
            List<Weight> weights,
            List<Tensor> firstMoments,
            List<Tensor> secondMoments,
            AdamWStep step) {
        Operands.require(
                weights.size() == firstMoments.size() && weights.size() == secondMoments.size(),
                "adamW",
                "expected two moments a weight");
        Operands.require(step.step() >= 1, "adamW", "the first step is 1, got " + step.step());
        for (int i = 0; i < weights.size(); i++) {
            update(weights.get(i), firstMoments.get(i), secondMoments.get(i), step);
        }
    }

    private static void update(Weight weight, Tensor first, Tensor second, AdamWStep step) {
        Operands.sameShape("adamW", weight.value(), first, second);
        Operands.distinct("adamW", first, second, weight.value(), weight.gradient());
        double[] w = reals("adamW", weight.value());
        double[] gradient = reals("adamW", weight.gradient());
        double[] m = reals("adamW", first);
        double[] v = reals("adamW", second);
        for (int i = 0; i < w.length; i++) {
            double g = step.gradientScale() * gradient[i];
            m[i] = step.beta1() * m[i] + (1 - step.beta1()) * g;
            v[i] = step.beta2() * v[i] + (1 - step.beta2()) * g * g;
            w[i] = updated(w[i], m[i], v[i], step);
        }
    }

    /** A weight's element after a step whose moments are these. */
    static double updated(double w, double m, double v, AdamWStep step) {
        double correction1 = 1 - Math.pow(step.beta1(), step.step());
        double correction2 = 1 - Math.pow(step.beta2(), step.step());
        double denominator = Math.sqrt(v / correction2) + step.epsilon();
        return w * (1 - step.learningRate() * step.weightDecay())
                - step.learningRate() * (m / correction1) / denominator;
    }
}
