package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Elementwise kernels, also in place. */
interface ElementwiseClauses extends Clauses {
    String MATRICES = "dev.kiln.testkit.Sizes#matrices";

    @ParameterizedTest
    @MethodSource(MATRICES)
    default void arithmeticIsElementByElement(int rows, int columns) {
        bench().check(
                        "fill, copy, add, multiply, scale, addScaled: element by element",
                        kit -> {
                            Backend backend = kit.backend();
                            Tensor a = kit.normal("a", rows, columns);
                            Tensor b = kit.normal("b", rows, columns);
                            Tensor out = kit.fresh(rows, columns);
                            backend.fill(out, -1.5);
                            kit.show("fill", out);
                            backend.copy(out, a);
                            kit.show("copy", out);
                            backend.addScaled(out, b, 0.75);
                            kit.show("addScaled", out);
                            backend.add(out, a, b);
                            kit.show("add", out);
                            backend.multiply(out, a, b);
                            kit.show("multiply", out);
                            backend.scale(out, a, -0.3);
                            kit.show("scale", out);
                            kit.show("a, an input", a);
                            kit.show("b, an input", b);
                        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 17, 257, 4099})
    default void elementwiseOutputsMayBeInputs(int size) {
        bench().check(
                        "elementwise outputs may be inputs",
                        kit -> {
                            Backend backend = kit.backend();
                            Tensor b = kit.normal("b", size);
                            Tensor x = kit.normal("x", size);
                            backend.add(x, x, b);
                            kit.show("add(x, x, b)", x);
                            backend.add(x, b, x);
                            kit.show("add(x, b, x)", x);
                            backend.add(x, x, x);
                            kit.show("add(x, x, x)", x);
                            backend.multiply(x, b, x);
                            kit.show("multiply(x, b, x)", x);
                            backend.scale(x, x, 0.25);
                            kit.show("scale(x, x)", x);
                            backend.addScaled(x, x, 0.5);
                            kit.show("addScaled(x, x)", x);
                            backend.copy(x, x);
                            kit.show("copy(x, x)", x);
                            backend.dropout(x, x, new Dropout(0.5, 9));
                            kit.show("dropout(x, x)", x);
                        });
    }

    @ParameterizedTest
    @EnumSource
    default void activationIsItsFormula(ActivationFunction function) {
        bench().check(
                        "activation and its gradient, " + function,
                        kit -> {
                            for (int size : new int[] {1, 7, 16, 257, 4099}) {
                                Tensor x = kit.normal("x" + size, size);
                                kit.backend().scale(x, x, 3);
                                Tensor out = kit.fresh(size);
                                kit.backend().activation(out, x, function);
                                kit.show("activation", out);
                                Tensor above = kit.normal("dOut" + size, size);
                                kit.backend().activationBackward(out, above, x, function);
                                kit.show("activationBackward", out);
                                kit.backend().activationBackward(above, above, x, function);
                                kit.show("activationBackward with dX = dOut", above);
                                kit.backend().activation(x, x, function);
                                kit.show("activation(x, x)", x);
                            }
                        });
    }

    @ParameterizedTest
    @EnumSource
    default void activationOfLargeInputsStaysFinite(ActivationFunction function) {
        bench().check(
                        "activation of large inputs neither overflows nor is NaN, " + function,
                        kit -> {
                            Tensor x =
                                    kit.floats(
                                            new float[] {-1e4f, -100, -20, -0f, 0, 20, 100, 1e4f},
                                            8);
                            Tensor out = kit.fresh(8);
                            kit.backend().activation(out, x, function);
                            kit.show("activation", out);
                            kit.backend().activationBackward(out, kit.filled(1, 8), x, function);
                            kit.show("activationBackward", out);
                        });
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.5, 0.9})
    default void dropoutMasksAreThoseOfRandomness(double rate) {
        Backend backend = bench().backend();
        Dropout dropout = new Dropout(rate, Randomness.key(1, 2, 3));
        try (Scope scope = backend.scope()) {
            for (int size : new int[] {1, 17, 257, 70001}) {
                Kit kit = new Kit(backend, scope);
                Tensor out = kit.fresh(size);
                backend.dropout(out, kit.filled(1, size), dropout);
                double[] values = kit.values(out);
                for (int i = 0; i < size; i++) {
                    double kept = Elementwise.kept(dropout, dropout.key(), i);
                    assertEquals(
                            kept,
                            values[i],
                            kept * 1e-6,
                            "broken clause: dropout masks are those of Randomness, element " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(MATRICES)
    default void dropoutIsItsOwnGradient(int rows, int columns) {
        bench().check(
                        "dropout scales what it keeps by 1 / (1 - rate)",
                        kit -> {
                            Tensor out = kit.fresh(rows, columns);
                            kit.backend()
                                    .dropout(
                                            out,
                                            kit.normal("x", rows, columns),
                                            new Dropout(0.3, 77));
                            kit.show("dropout", out);
                        });
    }

    @Test
    default void castRoundsToNearestEven() {
        bench().checkBfloat16(
                        "cast rounds to the nearest bfloat16, ties to even, and back exactly",
                        kit -> {
                            int size = 4099;
                            float[] x = Kit.normals("x", size);
                            x[0] = Float.intBitsToFloat(0x3f808000); // halfway, below is even
                            x[1] = Float.intBitsToFloat(0x3f818000); // halfway, above is even
                            x[2] = Float.intBitsToFloat(0x3f808001);
                            Tensor narrow = kit.scope().allocate(DType.BFLOAT16, Shape.of(size));
                            kit.backend().cast(narrow, kit.floats(x, size));
                            Tensor out = kit.fresh(size);
                            kit.backend().cast(out, narrow);
                            kit.show("cast there and back", out, 1, 0);
                        });
    }
}
