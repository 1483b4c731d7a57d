package dev.kiln.platform.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Ops;
import dev.kiln.testkit.fixtures.PreNorm;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.DecoderStack;
import dev.kiln.toolkit.PatternCycle;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The toolkit's model, run in all three ways. */
class DecoderStackTest {
    private static final AttentionPattern DENSE =
            (layer, queries, keys) -> new Causal(queries, keys);
    private static final AttentionPattern BAND =
            (layer, queries, keys) -> new Banded(queries, keys, 2);

    private final Objective objective = new Objective();

    @AfterEach
    void close() {
        objective.close();
    }

    /** norm(x + sublayer(x)), and no norm after the last block. */
    private record PostNorm() implements NormPlacement {
        @Override
        public Tensor apply(
                Ops ops,
                Tensor x,
                List<UnaryOperator<Tensor>> norms,
                UnaryOperator<Tensor> sublayer) {
            return norms.getFirst().apply(ops.add(x, sublayer.apply(x)));
        }

        @Override
        public boolean finalNorm() {
            return false;
        }
    }

    private DecoderStack stack(boolean pre, double dropout) {
        Init init = new Init.Normal(0.4);
        return new DecoderStack(
                objective.parameters,
                new DecoderSpec(
                        new ModelShape(5, 6, 2, 2, 4),
                        pre ? new PreNorm() : new PostNorm(),
                        new PatternCycle(List.of(DENSE, BAND)),
                        ActivationFunction.GELU_TANH,
                        1e-5,
                        DecoderSpec.Rates.all(dropout),
                        new DecoderSpec.Inits(init, init, init, init),
                        new DecoderSpec.Names("wte", "wpe", "ln_f")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradientsOfAWholeModelWithDropoutAndTiedEmbeddings(boolean pre) {
        DecoderStack model = stack(pre, 0.1);
        Tensor ids = objective.ids(new int[] {4, 1, 1, 3, 0, 2, 4, 4}, 2, 4);
        Tensor positions = objective.ids(new int[] {0, 1, 2, 3, 0, 1, 2, 3}, 2, 4);
        objective.checkGradients(
                ops ->
                        objective.score(
                                ops, model.hidden(ops, ids, positions), model.outputTable(ops)));
    }

    @ParameterizedTest
    @EnumSource
    void aKvCacheWithRaggedSequencesGivesTheSameHiddenStates(Precision precision) {
        DecoderStack model = stack(true, 0.1);
        int[] first = {4, 1, 1, 3, 0};
        int[] second = {2, 4, 3};
        double[] expectedFirst = direct(model, precision, first);
        double[] expectedSecond = direct(model, precision, second);
        try (Scope step = objective.backend.scope()) {
            KvCache cache = objective.backend.kvCache(step, DType.FLOAT32, 2, 2, 6, 4);
            // prompts of 3 and 1 tokens, then one token each, then one more of the first
            double[] prompt = cached(model, precision, step, cache, new int[][] {{4, 1, 1}, {2}});
            double[] next = cached(model, precision, step, cache, new int[][] {{3}, {4}});
            double[] last = cached(model, precision, step, cache, new int[][] {{0}, {3}});
            assertRow(expectedFirst, 2, prompt, 2);
            assertRow(expectedSecond, 0, prompt, 3);
            assertRow(expectedFirst, 3, next, 0);
            assertRow(expectedSecond, 1, next, 1);
            assertRow(expectedFirst, 4, last, 0);
            assertRow(expectedSecond, 2, last, 1);
        }
    }

    private static void assertRow(double[] expected, int row, double[] actual, int actualRow) {
        assertArrayEquals(
                Arrays.copyOfRange(expected, 4 * row, 4 * row + 4),
                Arrays.copyOfRange(actual, 4 * actualRow, 4 * actualRow + 4),
                1e-12);
    }

    private double[] direct(DecoderStack model, Precision precision, int[] ids) {
        try (Scope step = objective.backend.scope()) {
            Ops ops = new DirectOps(objective.backend, step, precision, new Layouts());
            int[] positions = IntStream.range(0, ids.length).toArray();
            return objective.backend.values(
                    model.hidden(
                            ops,
                            objective.ids(ids, 1, ids.length),
                            objective.ids(positions, 1, ids.length)));
        }
    }

    private double[] cached(
            DecoderStack model, Precision precision, Scope step, KvCache cache, int[][] rows) {
        int[] counts = Arrays.stream(rows).mapToInt(row -> row.length).toArray();
        int[] ids = Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray();
        int[] positions =
                IntStream.range(0, rows.length)
                        .flatMap(b -> IntStream.range(0, counts[b]).map(t -> cache.length(b) + t))
                        .toArray();
        CachedOps ops =
                new CachedOps(objective.backend, step, precision, new Layouts(), cache, counts);
        double[] hidden =
                objective.backend.values(
                        model.hidden(
                                ops,
                                objective.ids(ids, 1, ids.length),
                                objective.ids(positions, 1, ids.length)));
        ops.advance();
        return hidden;
    }

    @Test
    void weightsAreNamedAsInTheHuggingFaceLayout() {
        stack(true, 0);
        List<String> names = objective.parameters.all().stream().map(Weight::name).toList();
        assertEquals(
                List.of(
                        "wte.weight",
                        "wpe.weight",
                        "h.0.ln_1.weight",
                        "h.0.ln_1.bias",
                        "h.0.attn.c_attn.weight",
                        "h.0.attn.c_attn.bias",
                        "h.0.attn.c_proj.weight",
                        "h.0.attn.c_proj.bias",
                        "h.0.ln_2.weight",
                        "h.0.ln_2.bias",
                        "h.0.mlp.c_fc.weight",
                        "h.0.mlp.c_fc.bias",
                        "h.0.mlp.c_proj.weight",
                        "h.0.mlp.c_proj.bias"),
                names.subList(0, 14));
        assertEquals(2 + 12 * 2 + 2, names.size());
    }

    @Test
    void theFirstTensorThatIsNotFiniteIsNamed() {
        DecoderStack model = stack(true, 0);
        Weight broken = objective.parameters.all().get(10);
        objective.backend.fill(broken.value(), Double.NaN);
        try (Scope step = objective.backend.scope()) {
            Ops ops = new FiniteOps(objective.backend, step, Precision.FLOAT32, new Layouts());
            Tensor ids = objective.ids(new int[] {1, 2}, 1, 2);
            FiniteOps.NotFinite found =
                    assertThrows(FiniteOps.NotFinite.class, () -> model.hidden(ops, ids, ids));
            assertEquals("output of linearactivation at h.0.mlp.c_fc.weight", found.getMessage());
        }
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        Weight weight = objective.weight(4, 7);
        try (Scope step = objective.backend.scope()) {
            Ops ops = new DirectOps(objective.backend, step, Precision.FLOAT32, new Layouts());
            Tensor x = objective.floats(1, 2, 3);
            IllegalArgumentException error =
                    assertThrows(IllegalArgumentException.class, () -> ops.linear(x, weight));
            assertEquals(
                    "linear: expected x[..., I] and weight[I, O], got [[3], [4, 7]]",
                    error.getMessage());
        }
    }
}
