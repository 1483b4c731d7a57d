package dev.kiln.platform.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.testkit.fixtures.PreNorm;
import dev.kiln.toolkit.AttentionScale;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.DecoderSpec.EmbeddingDropout;
import dev.kiln.toolkit.DecoderStack;
import dev.kiln.toolkit.FeedForward;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What GPT-1 and GPT-Neo have otherwise than GPT-2. */
class DecoderVariantsTest {
    private static final Init INIT = new Init.Normal(0.4);

    private final Objective objective = new Objective();

    @AfterEach
    void close() {
        objective.close();
    }

    private DecoderStack stack(EmbeddingDropout on, boolean separate, boolean qkvBias) {
        return new DecoderStack(
                objective.parameters,
                new DecoderSpec(
                        new ModelShape(5, 4, 2, 2, 4),
                        new PreNorm(),
                        new DecoderSpec.SelfAttentionSpec(
                                (layer, queries, keys) -> new Causal(queries, keys),
                                qkvBias,
                                AttentionScale.HEAD_AND_LAYER),
                        new FeedForward(7, ActivationFunction.SILU),
                        1e-5,
                        new DecoderSpec.Rates(0.4, 0, 0),
                        on,
                        new DecoderSpec.Inits(INIT, INIT, INIT, INIT),
                        separate ? Optional.of(INIT) : Optional.empty(),
                        new DecoderSpec.Names("wte", "wpe", "ln_f")));
    }

    @ParameterizedTest
    @CsvSource({"ON_SUM, true, true", "ON_TABLES, true, false", "ON_TABLES, false, true"})
    void gradientsAreRight(EmbeddingDropout on, boolean separate, boolean qkvBias) {
        DecoderStack model = stack(on, separate, qkvBias);
        Tensor ids = objective.ids(new int[] {4, 1, 1, 3}, 1, 4);
        Tensor positions = objective.ids(new int[] {0, 1, 2, 3}, 1, 4);
        objective.checkGradients(
                ops ->
                        objective.score(
                                ops, model.hidden(ops, ids, positions), model.outputTable(ops)));
    }

    private Weight tableInTraining(DecoderStack model, Tape tape) {
        Tensor ids = objective.ids(new int[] {4}, 1, 1);
        Tensor positions = objective.ids(new int[] {0}, 1, 1);
        model.hidden(tape, ids, positions);
        return model.outputTable(tape);
    }

    private Tape tape(Scope step) {
        return new Tape(objective.backend, step, Precision.FLOAT32, new Layouts(), 3);
    }

    /** GPT-1's released code looks up and projects with one dropped matrix. */
    @Test
    void aTiedTableSharesTheDropoutOfTheEmbedding() {
        DecoderStack model = stack(EmbeddingDropout.ON_TABLES, false, true);
        try (Scope step = objective.backend.scope()) {
            Tape tape = tape(step);
            Weight table = tableInTraining(model, tape);
            assertNotSame(objective.parameters.all().getFirst(), table);
            assertSame(tape.dropout(objective.parameters.all().getFirst(), 0.4), table);
        }
    }

    @Test
    void aTableIsNotDroppedWhereTheSumIs() {
        DecoderStack model = stack(EmbeddingDropout.ON_SUM, false, true);
        try (Scope step = objective.backend.scope()) {
            Weight table = tableInTraining(model, tape(step));
            assertSame(objective.parameters.all().getFirst(), table);
        }
    }

    @Test
    void aTableOfItsOwnIsNotDropped() {
        DecoderStack model = stack(EmbeddingDropout.ON_TABLES, true, true);
        try (Scope step = objective.backend.scope()) {
            Weight table = tableInTraining(model, tape(step));
            assertEquals("lm_head.weight", table.name());
            assertSame(objective.parameters.all().getLast(), table);
        }
    }

    @Test
    void withoutQkvBiasThereIsNone() {
        stack(EmbeddingDropout.ON_SUM, false, false);
        List<String> names = objective.parameters.all().stream().map(Weight::name).toList();
        assertFalse(names.contains("h.0.attn.c_attn.bias"));
        assertEquals(2 + 2 * 11 + 2, names.size());
    }
}
