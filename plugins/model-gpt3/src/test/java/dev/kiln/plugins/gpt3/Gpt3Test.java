package dev.kiln.plugins.gpt3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.testkit.ModelFamilyContract;
import dev.kiln.testkit.fixtures.Deviations;
import dev.kiln.toolkit.Blueprint;
import dev.kiln.toolkit.DecoderSpec;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Gpt3Test extends ModelFamilyContract {

    @Override
    protected ModelFamily family() {
        Map<String, Object> sizes =
                Map.of("layers", 2, "heads", 2, "width", 16, "context", 12, "qkvBias", false);
        return Family.of(sizes, List.of("dense", Family.band(3)));
    }

    /** nanoGPT's formula for GPT-2: V·C + T·C + L·(12·C² + 13·C) + 2·C. */
    private static long parameters(long vocabulary, long context, long layers, long width) {
        return vocabulary * width
                + context * width
                + layers * (12 * width * width + 13 * width)
                + 2 * width;
    }

    /** Without 3·C biases in each layer. */
    @Override
    protected OptionalLong parameters() {
        return OptionalLong.of(parameters(vocabulary(), 12, 2, 16) - 2 * 3 * 16);
    }

    /**
     * Brown et al. (2020), table 2.1, with its 1.3B and 13B rows mended. Counted by transformers
     * 5.18 in {@code GPT2LMHeadModel} of these sizes with 2,048 positions; sparse attention changes
     * no count.
     */
    @ParameterizedTest
    @CsvSource({
        "12, 12, 768, 125226240",
        "24, 16, 1024, 355871744",
        "24, 16, 1536, 760300032",
        "24, 16, 2048, 1315723264",
        "32, 32, 2560, 2651553280",
        "32, 32, 4096, 6658404352",
        "40, 40, 5120, 12853386240",
        "96, 96, 12288, 174604259328"
    })
    void thePublishedSizesHaveTheParametersThatTransformersCounts(
            int layers, int heads, int width, long count) {
        Map<String, Integer> sizes = Map.of("layers", layers, "heads", heads, "width", width);
        assertEquals(count, Blueprint.of(Family.of(sizes), 50_257).parameters());
        assertEquals(count, parameters(50_257, 2048, layers, width));
    }

    /** Counted by transformers 5.18 in {@code GPTNeoForCausalLM} of GPT-3 125M's sizes. */
    @Test
    void withoutBiasesThereAreAsManyParametersAsInGptNeo() {
        Blueprint blueprint = Blueprint.of(Family.of(Map.of("qkvBias", false)), 50_257);
        assertEquals(125_198_592, blueprint.parameters());
    }

    /** Section 2.1: alternating dense and locally banded sparse attention. */
    @Test
    void denseAndBandedLayersAlternate() {
        Gpt3 family = (Gpt3) Family.of(Map.of());
        assertEquals(new Causal(9, 2048), family.attention().layout(4, 9, 2048));
        assertEquals(new Banded(9, 2048, 256), family.attention().layout(5, 9, 2048));
    }

    /** Section 2.1: the same model as GPT-2, its init included; see Gpt2Test there. */
    @Test
    void newWeightsHaveTheDeviationsOfGpt2() {
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
    void nothingIsDroppedUnlessAskedFor() {
        Gpt3 family = (Gpt3) Family.of(Map.of());
        assertEquals(DecoderSpec.Rates.all(0), family.spec(23).dropout());
        assertTrue(family.spec(23).attention().qkvBias());
    }
}
