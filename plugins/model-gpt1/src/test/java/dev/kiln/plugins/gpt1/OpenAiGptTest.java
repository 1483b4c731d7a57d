package dev.kiln.plugins.gpt1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import dev.kiln.testkit.fixtures.OptionRecords;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys and names are those that transformers 5.18 writes for {@code OpenAIGPTLMHeadModel}. */
class OpenAiGptTest {
    private static final Map<String, Object> CONFIG =
            Map.ofEntries(
                    Map.entry("model_type", "openai-gpt"),
                    Map.entry("architectures", List.of("OpenAIGPTLMHeadModel")),
                    Map.entry("vocab_size", 23),
                    Map.entry("n_layer", 1),
                    Map.entry("n_head", 2),
                    Map.entry("n_embd", 16),
                    Map.entry("n_positions", 12),
                    Map.entry("embd_pdrop", 0.2),
                    Map.entry("attn_pdrop", 0.3),
                    Map.entry("resid_pdrop", 0.1),
                    Map.entry("afn", "gelu"),
                    Map.entry("layer_norm_epsilon", 1e-6),
                    Map.entry("initializer_range", 0.02),
                    Map.entry("tie_word_embeddings", false));

    private static Map<String, Object> options(Map<String, Object> config) {
        return new Gpt1Factory().huggingFaceOptions(config);
    }

    private static Map<String, Object> with(String key, Object value) {
        Map<String, Object> config = new HashMap<>(CONFIG);
        config.put(key, value);
        return config;
    }

    private static String refusal(String key, Object value) {
        return assertThrows(InvalidInput.class, () -> options(with(key, value))).getMessage();
    }

    @Test
    void aConfigBecomesOptionsAndAConfigAgain() {
        assertEquals(CONFIG, Family.of(options(CONFIG)).huggingFace(23).config());
    }

    @Test
    void oneRateIsSaidOnce() {
        Map<String, Object> config = with("embd_pdrop", 0.1);
        config.put("attn_pdrop", 0.1);
        assertEquals(
                Map.of(
                        "layers",
                        1,
                        "heads",
                        2,
                        "width",
                        16,
                        "context",
                        12,
                        "dropout",
                        0.1,
                        "epsilon",
                        1e-6,
                        "activation",
                        "gelu",
                        "gelu",
                        "tanh",
                        "outputHead",
                        "separate"),
                options(config));
    }

    /** The names in transformers' table of activations of this model, {@code ACT_FNS}. */
    @ParameterizedTest
    @CsvSource({"gelu, gelu", "silu, silu", "swish, silu", "relu, relu"})
    void theNamesOfActivationsAreThoseOfTransformers(String name, String activation) {
        assertEquals(activation, options(with("afn", name)).get("activation"));
    }

    @Test
    void aliasesOfSizesCountMoreThanTheirKeys() {
        Map<String, Object> options =
                options(
                        Map.of(
                                "n_head",
                                3,
                                "num_attention_heads",
                                4,
                                "num_hidden_layers",
                                5,
                                "hidden_size",
                                64,
                                "max_position_embeddings",
                                7));
        assertEquals(4, options.get("heads"));
        assertEquals(5, options.get("layers"));
        assertEquals(64, options.get("width"));
        assertEquals(7, options.get("context"));
    }

    /** The defaults of {@code OpenAIGPTConfig} are the published model. */
    @Test
    void anEmptyConfigIsThePublishedModel() {
        assertEquals(Family.options(Map.of()), Family.options(options(Map.of())));
    }

    @Test
    void tensorsHaveTheNamesThatTransformersWrites() {
        HuggingFaceModel separate = Family.of(options(CONFIG)).huggingFace(23);
        assertEquals(
                Set.of(
                        "transformer.tokens_embed.weight",
                        "transformer.positions_embed.weight",
                        "transformer.h.0.attn.c_attn.weight",
                        "transformer.h.0.attn.c_attn.bias",
                        "transformer.h.0.attn.c_proj.weight",
                        "transformer.h.0.attn.c_proj.bias",
                        "transformer.h.0.ln_1.weight",
                        "transformer.h.0.ln_1.bias",
                        "transformer.h.0.mlp.c_fc.weight",
                        "transformer.h.0.mlp.c_fc.bias",
                        "transformer.h.0.mlp.c_proj.weight",
                        "transformer.h.0.mlp.c_proj.bias",
                        "transformer.h.0.ln_2.weight",
                        "transformer.h.0.ln_2.bias",
                        "lm_head.weight"),
                separate.tensors().stream()
                        .map(HuggingFaceTensor::name)
                        .collect(Collectors.toSet()));
        assertEquals(List.of(), separate.copies());
    }

    @Test
    void aTiedHeadIsACopyOfTheEmbedding() {
        HuggingFaceModel tied =
                Family.of(options(with("tie_word_embeddings", true))).huggingFace(23);
        assertEquals(
                List.of(HuggingFaceTensor.of("lm_head.weight", "tokens_embed.weight")),
                tied.copies());
        assertEquals(14, tied.tensors().size());
    }

    @Test
    void masksOfOldFilesAreIgnored() {
        List<String> ignored = Family.of(options(CONFIG)).huggingFace(23).ignored();
        assertTrue(ignored.stream().anyMatch("h.11.attn.bias"::matches));
        assertTrue(ignored.stream().noneMatch("h.11.attn.c_attn.bias"::matches));
    }

    @Test
    void aConfigOfWhatGpt1IsNotIsRefused() {
        assertEquals(
                "afn: expected one of gelu, silu, swish, relu, found 'mish'",
                refusal("afn", "mish"));
        assertEquals(
                "n_layer: expected a whole number from 1 to 1000000, found 0",
                refusal("n_layer", 0));
        assertEquals(
                "embd_pdrop: expected a number from 0 to less than 1, found 'much'",
                refusal("embd_pdrop", "much"));
        assertEquals(
                "tie_word_embeddings: expected true or false, found 1",
                refusal("tie_word_embeddings", 1));
    }

    private static String notExported(Gpt1Options options) {
        return assertThrows(InvalidInput.class, () -> Family.of(options).huggingFace(23))
                .getMessage();
    }

    @Test
    void aModelThatIsNoPlainGpt1IsNotExported() {
        assertEquals(
                "activation: gelu-erf can't be said in a Hugging Face config of type openai-gpt",
                notExported(Family.options(Map.of("gelu", "erf"))));
        assertEquals(
                "norm: pre can't be said in a Hugging Face config of type openai-gpt, expected post",
                notExported(
                        OptionRecords.of(
                                Gpt1Options.class, Map.of(), Family.choices(Family.DENSE, "pre"))));
        assertEquals(
                "attention: layer 0 sees a band of keys, and the Hugging Face form openai-gpt has"
                        + " dense attention only",
                notExported(
                        OptionRecords.of(
                                Gpt1Options.class, Map.of(), Family.choices(Family.BAND, "post"))));
    }
}
