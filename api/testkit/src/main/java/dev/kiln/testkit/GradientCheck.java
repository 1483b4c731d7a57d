package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Ops;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Compares the gradients of a sum of losses with central differences of the losses, in double
 * precision. A computation that leaves {@code Ops} on its way is found: it has no gradient.
 */
final class GradientCheck {
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-5;

    /** Elements of each tensor that are tried. */
    private static final int ELEMENTS = 5;

    private final Workbench bench;
    private final Function<Ops, Tensor> losses;
    private final ReferenceTape tape;

    /** The losses are computed anew for each difference, and must be the same each time. */
    GradientCheck(Workbench bench, Function<Ops, Tensor> losses) {
        this.bench = bench;
        this.losses = losses;
        this.tape = new ReferenceTape(bench.backend(), bench.scope());
        losses.apply(tape);
        tape.backward();
    }

    void ofWeights(List<Weight> weights) {
        for (Weight weight : weights) {
            check("weight " + weight.name(), weight.value(), weight.gradient());
        }
    }

    void ofInput(String name, Tensor input) {
        check(name, input, tape.gradient(input));
    }

    private void check(String name, Tensor at, Tensor gradient) {
        double[] values = bench.values(at);
        double[] gradients = bench.values(gradient);
        int stride = Math.max(1, (values.length - 1) / (ELEMENTS - 1));
        for (int i = 0; i < values.length; i += stride) {
            double difference = (objective(at, values, i, STEP) - objective(at, values, i, -STEP));
            double expected = difference / (2 * STEP);
            assertEquals(
                    expected,
                    gradients[i],
                    TOLERANCE * Math.max(1, Math.abs(expected)),
                    "broken clause: the gradient is that of the losses, by finite differences; "
                            + name
                            + ", element "
                            + i);
        }
        bench.backend().set(at, values);
    }

    private double objective(Tensor at, double[] values, int i, double step) {
        double[] moved = values.clone();
        moved[i] += step;
        bench.backend().set(at, moved);
        return Arrays.stream(bench.values(losses.apply(bench.ops()))).sum();
    }
}
