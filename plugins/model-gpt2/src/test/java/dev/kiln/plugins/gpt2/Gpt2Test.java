package dev.kiln.plugins.gpt2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.testkit.ModelFamilyContract;
import dev.kiln.testkit.fixtures.Deviations;
import dev.kiln.testkit.fixtures.OptionRecords;
import dev.kiln.toolkit.Blueprint;
import dev.kiln.toolkit.DecoderSpec;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Gpt2Test extends ModelFamilyContract {
    private static final Map<String, Integer> SMALL =
            Map.of("layers", 2, "heads", 2, "width", 16, "context", 12);

    @Override
    protected ModelFamily family() {
        return Family.of(SMALL);
    }

    /** nanoGPT's formula: V·C + T·C + L·(12·C² + 13·C) + 2·C. */
    private static long parameters(long vocabulary, long context, long layers, long width) {
        return vocabulary * width
                + context * width
                + layers * (12 * width * width + 13 * width)
                + 2 * width;
    }

    @Override
    protected OptionalLong parameters() {
        return OptionalLong.of(parameters(vocabulary(), 12, 2, 16));
    }

    /** Counted by transformers 5.18 in {@code GPT2LMHeadModel} of these sizes. */
    @ParameterizedTest
    @CsvSource({
        "12, 12, 768, 124439808",
        "24, 16, 1024, 354823168",
        "36, 20, 1280, 774030080",
        "48, 25, 1600, 1557611200"
    })
    void thePublishedSizesHaveTheParametersThatTransformersCounts(
            int layers, int heads, int width, long count) {
        Map<String, Integer> sizes = Map.of("layers", layers, "heads", heads, "width", width);
        assertEquals(count, Blueprint.of(Family.of(sizes), 50_257).parameters());
        assertEquals(count, parameters(50_257, 1024, layers, width));
    }

    /** The released code: 0.02, positions 0.01; section 2.3: residual layers scaled by 1/√N. */
    @Test
    void newWeightsHaveTheDeviationsOfTheReleasedCode() {
        Map<String, Integer> sizes = Map.of("layers", 3, "heads", 2, "width", 64, "context", 50);
        Map<String, Double> deviations = Deviations.of(Family.of(sizes), 100);
        assertEquals(2 + 3 * 12 + 2, deviations.size());
        deviations.forEach(
                (name, deviation) -> {
                    double expected = expected(name);
                    assertEquals(expected, deviation, 0.05 * expected, name);
                });
    }

    private static double expected(String name) {
        return name.endsWith(".bias")
                ? 0
                : name.contains("ln_")
                        ? 1
                        : name.contains(".c_proj.")
                                ? 0.02 / Math.sqrt(2 * 3)
                                : name.equals("wpe.weight") ? 0.01 : 0.02;
    }

    @Test
    void aSeparateHeadIsOneMoreTable() {
        Blueprint tied = Blueprint.of(Family.of(SMALL), 100);
        Map<String, ?> options =
                Map.of(
                        "layers",
                        2,
                        "heads",
                        2,
                        "width",
                        16,
                        "context",
                        12,
                        "outputHead",
                        "separate");
        Blueprint separate = Blueprint.of(Family.of(options), 100);
        assertEquals(100 * 16, separate.parameters() - tied.parameters());
        assertEquals(tied.parts().get("wte.weight"), separate.parts().get("lm_head.weight"));
    }

    @Test
    void eachRateOverridesTheOneForAll() {
        Gpt2 family =
                (Gpt2)
                        Family.of(
                                Map.of(
                                        "dropout", 0.3,
                                        "embeddingDropout", 0.0,
                                        "residualDropout", 0.2));
        assertEquals(new DecoderSpec.Rates(0, 0.3, 0.2), family.spec(23).dropout());
        assertEquals(DecoderSpec.EmbeddingDropout.ON_SUM, family.spec(23).embeddingDropout());
    }

    @Test
    void headsThatDoNotDivideTheWidthAreRefused() {
        InvalidInput error = assertThrows(InvalidInput.class, () -> Family.of(Map.of("heads", 5)));
        assertEquals("heads must divide width, got heads: 5, width: 768", error.getMessage());
    }

    @Test
    void attentionToNothingIsRefused() {
        InvalidInput error =
                assertThrows(
                        InvalidInput.class,
                        () ->
                                OptionRecords.of(
                                        Gpt2Options.class,
                                        Map.of(),
                                        Family.choices(List.of(), "pre")));
        assertEquals("attention: expected at least one pattern, found []", error.getMessage());
    }

    @Test
    void aWidthBeyondWhatCanBeCountedIsRefused() {
        InvalidInput error =
                assertThrows(
                        InvalidInput.class,
                        () -> Family.of(Map.of("heads", 5, "width", 100_000_000)));
        assertEquals("width: expected at most 65,536, found 100,000,000", error.getMessage());
    }
}
