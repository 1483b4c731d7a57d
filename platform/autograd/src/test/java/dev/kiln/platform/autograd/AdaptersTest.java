package dev.kiln.platform.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Ops;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Adapters beside products that are written out, in double precision. */
class AdaptersTest {
    private static final double ALPHA = 3;
    private static final int RANK = 2;

    private final Objective objective = new Objective();
    private final Weight weight = objective.frozen(4, 7);
    private final Weight bias = objective.frozen(7);
    private final Weight other = objective.frozen(4, 7);
    private final Adapters adapters =
            new Adapters(List.of(weight), objective.parameters, RANK, ALPHA, 0);
    private final Weight down = objective.parameters.all().get(0);
    private final Weight up = objective.parameters.all().get(1);

    @AfterEach
    void close() {
        objective.close();
    }

    private void fill() {
        double[] values =
                IntStream.range(0, RANK * 7).mapToDouble(i -> Randomness.normal(3, i)).toArray();
        objective.backend.set(up.value(), values);
    }

    @Test
    void theGradientsOfBothFactorsAreThoseOfCentralDifferences() {
        fill();
        Weight table = objective.frozen(5, 7);
        objective.checkGradients(
                ops -> objective.score(ops, product(adapters.around(ops), weight), table));
    }

    @Test
    void newAdaptersChangeNothing() {
        assertArrayEquals(values(direct(), weight), values(adapters.around(direct()), weight));
    }

    @Test
    void theProductIsWithTheChangedMatrixAndMergedTheSame() {
        fill();
        double[] adapted = values(adapters.around(direct()), weight);
        double[] before = objective.backend.values(weight.value());
        double[] a = objective.backend.values(down.value());
        double[] b = objective.backend.values(up.value());
        double[] changed = before.clone();
        for (int i = 0; i < 4; i++) {
            for (int o = 0; o < 7; o++) {
                for (int r = 0; r < RANK; r++) {
                    changed[i * 7 + o] += ALPHA / RANK * a[i * RANK + r] * b[r * 7 + o];
                }
            }
        }
        adapters.merge(objective.backend);
        assertArrayEquals(changed, objective.backend.values(weight.value()), 1e-12);
        assertArrayEquals(adapted, values(direct(), weight), 1e-12);
        adapters.unmerge(objective.backend);
        assertArrayEquals(before, objective.backend.values(weight.value()), 1e-12);
    }

    @Test
    void otherMatricesAreLeftAlone() {
        fill();
        assertArrayEquals(values(direct(), other), values(adapters.around(direct()), other));
    }

    private Ops direct() {
        return new DirectOps(objective.backend, objective.scope, Precision.FLOAT32, new Layouts());
    }

    private double[] values(Ops ops, Weight matrix) {
        return objective.backend.values(product(ops, matrix));
    }

    /** activation(x · W + bias) of x[2, 3, 4]. */
    private Tensor product(Ops ops, Weight matrix) {
        Parameters fixed = new Parameters(objective.backend, objective.scope, 13, false);
        Weight rows = fixed.create("x", Shape.of(6, 4), new Init.Normal(1));
        return ops.linearActivation(
                objective.leaf(ops, rows, 2, 3), matrix, bias, ActivationFunction.GELU_TANH);
    }
}
