package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * NaN, infinities and overflow in bfloat16, as IEEE 754 has them: NaN stays NaN and reaches what is
 * computed from it, and nothing else; what rounds past the largest number, 0x1.fep127, is infinite.
 */
interface Bfloat16SpecialClauses extends Clauses {
    float INFINITY = Float.POSITIVE_INFINITY;
    float LARGEST = 0x1.fep127f;

    /** Behind each other often enough to be in every lane and in the end that fills no vector. */
    private static float[] repeated(float... values) {
        float[] repeated = new float[7 * values.length * 5];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = values[i % values.length];
        }
        return repeated;
    }

    private void becomes(
            String what, float[] x, float[] expected, BiConsumer<Backend, Tensor> inPlace) {
        bench().assumeBfloat16();
        Backend backend = bench().backend();
        try (Scope scope = backend.scope()) {
            Tensor tensor = new Kit(backend, scope).bfloat16(repeated(x), 7, 5 * x.length);
            inPlace.accept(backend, tensor);
            assertArrayEquals(
                    repeated(expected),
                    backend.floats(tensor),
                    "broken clause: bfloat16: NaN and infinities in " + what);
        }
    }

    @Test
    default void bfloat16ArithmeticKeepsNaNAndInfinities() {
        float[] x = {Float.NaN, INFINITY, -INFINITY, LARGEST, -LARGEST, 1, -0f};
        float[] twice = {Float.NaN, INFINITY, -INFINITY, INFINITY, -INFINITY, 2, -0f};
        becomes("add", x, twice, (backend, t) -> backend.add(t, t, t));
        becomes("scale", x, twice, (backend, t) -> backend.scale(t, t, 2));
        becomes("addScaled", x, twice, (backend, t) -> backend.addScaled(t, t, 1));
        float[] squared = {Float.NaN, INFINITY, INFINITY, INFINITY, INFINITY, 1, 0};
        becomes("multiply", x, squared, (backend, t) -> backend.multiply(t, t, t));
        float[] opposites = {INFINITY, -INFINITY, 3};
        float[] none = {Float.NaN, Float.NaN, 0};
        becomes(
                "addScaled of opposites",
                opposites,
                none,
                (backend, t) -> backend.addScaled(t, t, -1));
        float[] of = {Float.NaN, INFINITY, LARGEST, 0};
        float[] tanh = {Float.NaN, 1, 1, 0};
        for (ActivationFunction function : ActivationFunction.values()) {
            becomes(
                    "activation " + function,
                    of,
                    function == ActivationFunction.TANH ? tanh : of,
                    (backend, t) -> backend.activation(t, t, function));
        }
    }

    @Test
    default void castKeepsNaNAndOverflowsToInfinity() {
        bench().assumeBfloat16();
        Backend backend = bench().backend();
        float half = 0x1.ffp127f; // halfway from the largest number to the next power of two
        float[] x =
                repeated(
                        Float.NaN,
                        Float.intBitsToFloat(0x7f800001), // a NaN whose upper half is an infinity's
                        Float.intBitsToFloat(0xffffffff),
                        INFINITY,
                        -INFINITY,
                        Float.MAX_VALUE,
                        half,
                        Math.nextDown(half));
        float[] expected =
                repeated(
                        Float.NaN, Float.NaN, Float.NaN, INFINITY, -INFINITY, INFINITY, INFINITY,
                        LARGEST);
        try (Scope scope = backend.scope()) {
            Kit kit = new Kit(backend, scope);
            Tensor narrow = scope.allocate(DType.BFLOAT16, Shape.of(x.length));
            backend.cast(narrow, kit.floats(x, x.length));
            Tensor wide = kit.fresh(x.length);
            backend.cast(wide, narrow);
            assertArrayEquals(
                    expected,
                    backend.floats(wide),
                    "broken clause: bfloat16: cast keeps NaN and overflows to infinity");
        }
    }

    @Test
    default void bfloat16NaNStaysInItsRowOrColumn() {
        bench().assumeBfloat16();
        Backend backend = bench().backend();
        int rows = 5;
        int columns = 37;
        try (Scope scope = backend.scope()) {
            Kit kit = new Kit(backend, scope);
            float[] values = Kit.normals("x", rows * columns);
            values[2 * columns + 36] = Float.NaN;
            Tensor x = kit.bfloat16(values, rows, columns);
            Tensor out = kit.freshBfloat16(rows, columns);
            Weight gain = kit.weight("gain", columns);
            backend.layerNorm(out, kit.fresh(2, rows), x, gain, gain, 1e-5);
            float[] normal = backend.floats(out);
            Tensor sum = kit.filled(0, columns);
            backend.addRowSum(sum, x);
            float[] sums = backend.floats(sum);
            for (int i = 0; i < normal.length; i++) {
                assertEquals(
                        i / columns == 2,
                        Float.isNaN(normal[i]),
                        "broken clause: bfloat16: layerNorm keeps a NaN in its row; element " + i);
                assertEquals(
                        i % columns == 36,
                        Float.isNaN(sums[i % columns]),
                        "broken clause: bfloat16: addRowSum keeps a NaN in its column");
            }
            assertFalse(backend.isFinite(x), "broken clause: bfloat16: isFinite finds a NaN");
            Tensor gathered = kit.freshBfloat16(2, columns);
            backend.gather(gathered, x, kit.ids(new int[] {4, 1}, 2));
            assertTrue(
                    backend.isFinite(gathered),
                    "broken clause: bfloat16: gather reads the rows of its ids only, got "
                            + Arrays.toString(backend.floats(gathered)));
        }
    }
}
