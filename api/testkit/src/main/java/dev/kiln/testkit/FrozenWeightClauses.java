package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.Arena;
import java.util.OptionalLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Weights that are only read, in each format that the backend declares; the others are skipped.
 *
 * <p>Products of FLOAT32 and BFLOAT16 are as exact as any. Those of INT8 and INT4 may round the
 * activations to 8 bits a block of 32. In a block of standard normal numbers the largest is about
 * 2.5, seldom 4, so a step is 2.5 / 127, and a rounding has the deviation 2.5 / 127 / √12 = 0.0057;
 * the elements' deviation is 1, so the deviation of a sum of K is 0.0057 √K. The tolerance is 7 of
 * these, or 10 √K / 256: a wrong element, half or scale moves a sum by about 1.
 */
interface FrozenWeightClauses extends Clauses {
    /** Rows, inner length and columns: shorter than a block, one past a vector, several panels. */
    int[][] PRODUCTS = {
        {1, 1, 1},
        {2, 33, 47},
        {16, 31, 65},
        {1, 97, 130},
        {70, 64, 33},
        {5, 100, 257},
        {1, 768, 129},
        {7, 2, 64}
    };

    @ParameterizedTest
    @EnumSource
    default void frozenLinearIsAProductWithWhatIsStored(WeightFormat format) {
        bench().checkFrozen(
                        format,
                        "linear, with and without bias, of FLOAT32",
                        kit -> {
                            for (int[] size : PRODUCTS) {
                                Tensor x = kit.normal("x", size[0], size[1]);
                                linear(kit, format, x, kit.fresh(size[0], size[2]));
                            }
                        });
    }

    @ParameterizedTest
    @EnumSource
    default void frozenLinearTakesBfloat16(WeightFormat format) {
        bench().assumeBfloat16();
        bench().checkFrozen(
                        format,
                        "linear, with and without bias, of BFLOAT16",
                        kit -> {
                            for (int[] size : PRODUCTS) {
                                Tensor x = kit.bfloat16("x", size[0], size[1]);
                                linear(kit, format, x, kit.freshBfloat16(size[0], size[2]));
                            }
                        });
    }

    private static void linear(Kit kit, WeightFormat format, Tensor x, Tensor out) {
        int in = x.shape().columns();
        int columns = out.shape().columns();
        Weight weight = kit.stored(format, in, columns);
        kit.backend().linear(out, x, weight);
        show(kit, "linear", format, out, in);
        kit.backend().linear(out, x, weight, kit.weight("bias", columns));
        show(kit, "linear with bias", format, out, in);
    }

    private static void show(Kit kit, String name, WeightFormat format, Tensor out, int terms) {
        double size = Math.sqrt(terms);
        kit.show(name + out.shape(), out, terms, size, roundings(format, terms));
    }

    /** What activations lose where they may be rounded to 8 bits, in units of 1 / 256. */
    private static double roundings(WeightFormat format, int terms) {
        return format.scaled() ? 10 * Math.sqrt(terms) : 0;
    }

    @ParameterizedTest
    @EnumSource
    default void frozenLinearActivationIsLinearThenGelu(WeightFormat format) {
        bench().checkFrozen(
                        format,
                        "linearActivation: before = x weight + bias, out = activation(before)",
                        kit -> {
                            for (int rows : new int[] {1, 17}) {
                                activation(
                                        kit,
                                        format,
                                        kit.normal("x", rows, 33),
                                        kit.fresh(rows, 67));
                            }
                        });
    }

    @ParameterizedTest
    @EnumSource
    default void frozenLinearActivationTakesBfloat16(WeightFormat format) {
        bench().assumeBfloat16();
        bench().checkFrozen(
                        format,
                        "linearActivation of BFLOAT16",
                        kit -> {
                            for (int rows : new int[] {1, 17}) {
                                Tensor x = kit.bfloat16("x", rows, 33);
                                activation(kit, format, x, kit.freshBfloat16(rows, 67));
                            }
                        });
    }

    private static void activation(Kit kit, WeightFormat format, Tensor x, Tensor out) {
        Tensor before = kit.scope().allocate(out.type(), out.shape());
        Weight weight = kit.stored(format, x.shape().columns(), out.shape().columns());
        Weight bias = kit.weight("bias", out.shape().columns());
        kit.backend().linearActivation(out, before, x, weight, bias, ActivationFunction.GELU_TANH);
        show(kit, "before", format, before, 33);
        // gelu's slope is at most 1.13; beside a tie, before may be its neighbour
        double neighbour = out.type() == DType.BFLOAT16 ? 12 : 0;
        kit.show("out", out, 33, 6, 1.2 * roundings(format, 33) + neighbour);
    }

    @ParameterizedTest
    @EnumSource
    default void frozenTablesAreLookedUpAndProjectedOn(WeightFormat format) {
        bench().checkFrozen(
                        format,
                        "embedding, logits and projectedCrossEntropy of FLOAT32",
                        kit -> {
                            for (int[] size : PRODUCTS) {
                                Tensor hidden = kit.normal("hidden", size[0], size[1]);
                                Tensor rows = kit.fresh(size[0], size[1]);
                                table(kit, format, size[2], hidden, rows);
                            }
                            Tensor hidden = kit.normal("hidden", 2, 37);
                            table(kit, format, 50257, hidden, kit.fresh(2, 37));
                        });
    }

    @ParameterizedTest
    @EnumSource
    default void frozenTablesTakeBfloat16(WeightFormat format) {
        bench().assumeBfloat16();
        bench().checkFrozen(
                        format,
                        "embedding, logits and projectedCrossEntropy of BFLOAT16",
                        kit -> {
                            for (int[] size : PRODUCTS) {
                                Tensor hidden = kit.bfloat16("hidden", size[0], size[1]);
                                Tensor rows = kit.freshBfloat16(size[0], size[1]);
                                table(kit, format, size[2], hidden, rows);
                            }
                        });
    }

    private static void table(
            Kit kit, WeightFormat format, int classes, Tensor hidden, Tensor rows) {
        int count = hidden.shape().rows();
        int width = hidden.shape().columns();
        Weight table = kit.storedTable(format, classes, width);
        kit.backend().embedding(rows, table, kit.randomIds("ids", classes, count));
        kit.show("embedding" + rows.shape(), rows, 1, 1);
        Tensor logits = kit.fresh(count, classes);
        kit.backend().logits(logits, hidden, table);
        show(kit, "logits", format, logits, width);
        Tensor losses = kit.fresh(count);
        Tensor targets = kit.randomIds("targets", classes, count);
        kit.backend().projectedCrossEntropy(losses, hidden, table, targets, kit.filled(1, count));
        double size = 4 * Math.sqrt(width);
        // a loss is the difference of two numbers that each lose what a logit may
        double lost = 2 * roundings(format, width);
        double narrowed = hidden.type() == DType.BFLOAT16 ? 2 * size : 0;
        kit.show("losses" + logits.shape(), losses, classes, size, lost + narrowed);
    }

    @ParameterizedTest
    @EnumSource
    default void aFrozenWeightHasNoMasterAndNoGradient(WeightFormat format) {
        bench().assumeFrozen(format);
        try (Arena arena = Arena.ofShared();
                Scope scope = bench().backend().scope()) {
            FrozenWeight content = FrozenExamples.weight(arena, "h.0.w", format, 33, 47);
            Weight weight = bench().backend().frozen(scope, content);
            assertEquals("h.0.w", weight.name(), "a frozen weight has its name");
            assertEquals(Shape.of(33, 47), weight.shape(), "a frozen weight has its shape");
            assertFalse(weight.trainable(), "a frozen weight is not trainable");
            assertThrows(
                    IllegalStateException.class,
                    weight::value,
                    "broken clause: a frozen weight's value throws");
            assertThrows(
                    IllegalStateException.class,
                    weight::gradient,
                    "broken clause: a frozen weight's gradient throws");
        }
    }

    @ParameterizedTest
    @EnumSource
    default void aFrozenWeightsMemoryIsGivenBackWithItsScope(WeightFormat format) {
        bench().assumeFrozen(format);
        OptionalLong first = OptionalLong.empty();
        for (int round = 0; round < 4; round++) {
            frozenRound(format);
            OptionalLong now = bench().allocatedBytes();
            if (round > 0 && now.isPresent()) {
                long held = now.getAsLong();
                assertTrue(
                        held <= first.orElseThrow(),
                        "broken clause: the second round of frozen weights allocates nothing new");
            }
            first = now;
        }
    }

    private void frozenRound(WeightFormat format) {
        Backend backend = bench().backend();
        try (Arena arena = Arena.ofShared();
                Scope scope = backend.scope()) {
            Kit kit = new Kit(backend, scope);
            FrozenWeight content = FrozenExamples.weight(arena, "w", format, 129, 257);
            Weight weight = backend.frozen(scope, content);
            for (int rows : new int[] {1, 70}) {
                backend.linear(kit.fresh(rows, 257), kit.normal("x", rows, 129), weight);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    default void aFormatThatIsNotDeclaredIsRefused(WeightFormat format) {
        Backend backend = bench().backend();
        Assumptions.assumeFalse(
                backend.capabilities().weightFormats().contains(format),
                "the backend declares " + format);
        try (Arena arena = Arena.ofShared();
                Scope scope = backend.scope()) {
            FrozenWeight content = FrozenExamples.weight(arena, "w", format, 3, 5);
            assertThrows(
                    InvalidInput.class,
                    () -> backend.frozen(scope, content),
                    "broken clause: a format that isn't declared is refused with InvalidInput");
        }
    }
}
