package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Norms, finiteness and the update. */
interface OptimizationClauses extends Clauses {

    @Test
    default void squaredNormSumsOverAllTensors() {
        bench().check(
                        "squaredNorm: all elements of all tensors",
                        kit -> {
                            List<Tensor> tensors =
                                    List.of(
                                            kit.normal("a", 1),
                                            kit.normal("b", 257, 127),
                                            kit.normal("c", 3, 5, 7),
                                            kit.filled(100, 17));
                            double norm = kit.backend().squaredNorm(tensors);
                            kit.show("squaredNorm", Shape.of(1), new double[] {norm}, 257 * 127, 1);
                            double one = kit.backend().squaredNorm(tensors.subList(0, 1));
                            kit.show("squaredNorm of one", Shape.of(1), new double[] {one}, 1, 1);
                        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 17, 257, 70001})
    default void isFiniteFindsOneBadElement(int size) {
        Backend backend = bench().backend();
        float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        try (Scope scope = backend.scope()) {
            Kit kit = new Kit(backend, scope);
            Tensor large = kit.filled(Float.MAX_VALUE, size);
            assertTrue(
                    backend.isFinite(large),
                    "broken clause: the largest finite numbers are finite, whatever their sum");
            for (float value : bad) {
                for (int at : new int[] {0, size / 2, size - 1}) {
                    float[] values = Kit.normals("x", size);
                    values[at] = value;
                    assertFalse(
                            backend.isFinite(kit.floats(values, size)),
                            "broken clause: isFinite finds " + value + " at " + at);
                }
            }
        }
    }

    @Test
    default void adamWFollowsItsAlgorithmForTenSteps() {
        for (double epsilon : new double[] {1e-8, 0.1}) {
            bench().check(
                            "adamW, ten steps, epsilon " + epsilon,
                            kit -> {
                                Backend backend = kit.backend();
                                List<Weight> weights =
                                        List.of(kit.weight("a", 1), kit.weight("b", 17, 31));
                                List<Tensor> first =
                                        List.of(kit.filled(0, 1), kit.filled(0, 17, 31));
                                List<Tensor> second =
                                        List.of(kit.filled(0, 1), kit.filled(0, 17, 31));
                                for (int step = 1; step <= 10; step++) {
                                    backend.upload(
                                            weights.get(0).gradient(), Kit.normals("a" + step, 1));
                                    backend.upload(
                                            weights.get(1).gradient(),
                                            Kit.normals("b" + step, 17 * 31));
                                    AdamWStep numbers =
                                            new AdamWStep(step, 0.02, 0.9, 0.95, epsilon, 0.1, 0.5);
                                    backend.adamW(weights, first, second, numbers);
                                }
                                kit.show("weight a", weights.get(0).value(), 10, 1);
                                kit.show("weight b", weights.get(1).value(), 10, 1);
                                kit.show("first moment", first.get(1), 10, 1);
                                kit.show("second moment", second.get(1), 10, 1);
                            });
        }
    }

    @Test
    default void adamWOfAZeroGradientOnlyDecays() {
        bench().check(
                        "adamW of gradients that are 0 decays weights and is finite",
                        kit -> {
                            Weight weight = kit.weight("weight", 5, 7);
                            kit.backend().fill(weight.gradient(), 0);
                            List<Tensor> first = List.of(kit.filled(0, 5, 7));
                            List<Tensor> second = List.of(kit.filled(0, 5, 7));
                            AdamWStep step = new AdamWStep(1, 0.1, 0.9, 0.999, 1e-8, 0.5, 1);
                            kit.backend().adamW(List.of(weight), first, second, step);
                            kit.show("weight", weight.value());
                        });
    }
}
