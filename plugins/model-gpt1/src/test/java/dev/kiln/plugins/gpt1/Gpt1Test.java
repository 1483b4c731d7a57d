package dev.kiln.plugins.gpt1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.testkit.ModelFamilyContract;
import dev.kiln.testkit.fixtures.Deviations;
import dev.kiln.toolkit.Blueprint;
import dev.kiln.toolkit.DecoderSpec;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class Gpt1Test extends ModelFamilyContract {
    private static final Map<String, Integer> SMALL =
            Map.of("layers", 2, "heads", 2, "width", 16, "context", 12);

    @Override
    protected ModelFamily family() {
        return Family.of(SMALL);
    }

    /** V·C + T·C + L·(12·C² + 13·C): nanoGPT's formula for GPT-2 without its final norm. */
    @Override
    protected OptionalLong parameters() {
        return OptionalLong.of((long) vocabulary() * 16 + 12 * 16 + 2 * (12 * 16 * 16 + 13 * 16));
    }

    /** transformers 5.18 counts 116,534,784 in {@code OpenAIGPTLMHeadModel(OpenAIGPTConfig())}. */
    @Test
    void theDefaultsAreThePublished117M() {
        Blueprint blueprint = Blueprint.of(Family.of(Map.of()), 40_478);
        assertEquals(116_534_784, blueprint.parameters());
    }

    @Test
    void aSeparateHeadIsOneMoreTable() {
        Blueprint tied = Blueprint.of(Family.of(Map.of()), 40_478);
        Blueprint separate = Blueprint.of(Family.of(Map.of("outputHead", "separate")), 40_478);
        assertEquals(40_478 * 768, separate.parameters() - tied.parameters());
        assertEquals(
                tied.parts().get("tokens_embed.weight"), separate.parts().get("lm_head.weight"));
    }

    /** Radford et al. (2018), section 4.1: N(0, 0.02); the released code: positions as well. */
    @Test
    void everyMatrixIsFilledWithADeviationOfTwoHundredths() {
        Map<String, Integer> sizes = Map.of("layers", 2, "heads", 2, "width", 64, "context", 50);
        Map<String, Double> deviations = Deviations.of(Family.of(sizes), 100);
        assertEquals(2 + 2 * 12, deviations.size());
        deviations.forEach(
                (name, deviation) -> {
                    double expected = name.endsWith(".bias") ? 0 : name.contains(".ln_") ? 1 : 0.02;
                    assertEquals(expected, deviation, 0.05 * expected, name);
                });
    }

    /** The released code drops from the matrix itself, before it is looked up. */
    @Test
    void dropoutActsOnTheEmbeddingTables() {
        Gpt1 family = (Gpt1) Family.of(Map.of("attentionDropout", 0.2));
        assertEquals(DecoderSpec.EmbeddingDropout.ON_TABLES, family.spec(23).embeddingDropout());
        assertEquals(new DecoderSpec.Rates(0.1, 0.2, 0.1), family.spec(23).dropout());
    }

    @Test
    void headsThatDoNotDivideTheWidthAreRefused() {
        InvalidInput error = assertThrows(InvalidInput.class, () -> Family.of(Map.of("heads", 5)));
        assertEquals("heads must divide width, got heads: 5, width: 768", error.getMessage());
    }
}
