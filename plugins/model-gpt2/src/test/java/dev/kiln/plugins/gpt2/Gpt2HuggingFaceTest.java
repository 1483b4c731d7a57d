package dev.kiln.plugins.gpt2;

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

/** Keys and names are those that transformers 5.18 writes for {@code GPT2LMHeadModel}. */
class Gpt2HuggingFaceTest {
    private static final Map<String, Object> CONFIG =
            Map.ofEntries(
                    Map.entry("model_type", "gpt2"),
                    Map.entry("architectures", List.of("GPT2LMHeadModel")),
                    Map.entry("vocab_size", 23),
                    Map.entry("n_layer", 1),
                    Map.entry("n_head", 2),
                    Map.entry("n_embd", 16),
                    Map.entry("n_positions", 12),
                    Map.entry("embd_pdrop", 0.2),
                    Map.entry("attn_pdrop", 0.3),
                    Map.entry("resid_pdrop", 0.1),
                    Map.entry("activation_function", "gelu"),
                    Map.entry("layer_norm_epsilon", 1e-6),
                    Map.entry("initializer_range", 0.02),
                    Map.entry("tie_word_embeddings", false));

    private static Map<String, Object> options(Map<String, Object> config) {
        return new Gpt2Factory().huggingFaceOptions(config);
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

    /** The defaults of {@code GPT2Config} are the smallest published model. */
    @Test
    void anEmptyConfigIsTheSmallestPublishedModel() {
        assertEquals(Family.options(Map.of()), Family.options(options(Map.of())));
    }

    /** The names in transformers' table of activations, {@code ACT2FN}. */
    @ParameterizedTest
    @CsvSource({"gelu_new, tanh", "gelu_pytorch_tanh, tanh", "gelu, erf"})
    void theNamesOfActivationsAreThoseOfTransformers(String name, String form) {
        assertEquals(form, options(with("activation_function", name)).get("gelu"));
    }

    @Test
    void theTanhFormIsWrittenAsInTheReleasedFiles() {
        Map<String, Object> config = Family.of(Map.of()).huggingFace(50_257).config();
        assertEquals("gelu_new", config.get("activation_function"));
    }

    @Test
    void tensorsHaveTheNamesThatTransformersWrites() {
        HuggingFaceModel separate = Family.of(options(CONFIG)).huggingFace(23);
        assertEquals(
                Set.of(
                        "transformer.wte.weight",
                        "transformer.wpe.weight",
                        "transformer.h.0.ln_1.weight",
                        "transformer.h.0.ln_1.bias",
                        "transformer.h.0.attn.c_attn.weight",
                        "transformer.h.0.attn.c_attn.bias",
                        "transformer.h.0.attn.c_proj.weight",
                        "transformer.h.0.attn.c_proj.bias",
                        "transformer.h.0.ln_2.weight",
                        "transformer.h.0.ln_2.bias",
                        "transformer.h.0.mlp.c_fc.weight",
                        "transformer.h.0.mlp.c_fc.bias",
                        "transformer.h.0.mlp.c_proj.weight",
                        "transformer.h.0.mlp.c_proj.bias",
                        "transformer.ln_f.weight",
                        "transformer.ln_f.bias",
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
        assertEquals(List.of(HuggingFaceTensor.of("lm_head.weight", "wte.weight")), tied.copies());
        assertEquals(16, tied.tensors().size());
    }

    @Test
    void masksOfOldFilesAreIgnored() {
        List<String> ignored = Family.of(options(CONFIG)).huggingFace(23).ignored();
        assertTrue(ignored.stream().anyMatch("h.11.attn.bias"::matches));
        assertTrue(ignored.stream().anyMatch("h.11.attn.masked_bias"::matches));
        assertTrue(ignored.stream().noneMatch("h.11.attn.c_attn.bias"::matches));
    }

    @Test
    void aFeedForwardLayerOfFourWidthsMayBeSaid() {
        assertEquals(options(CONFIG), options(with("n_inner", 64)));
    }

    @Test
    void aConfigOfWhatGpt2IsNotIsRefused() {
        assertEquals(
                "n_inner: expected null or 64, which is 4 · n_embd, found 32",
                refusal("n_inner", 32));
        assertEquals(
                "activation_function: expected one of gelu_new, gelu_pytorch_tanh, gelu, found"
                        + " 'relu'",
                refusal("activation_function", "relu"));
        assertEquals(
                "scale_attn_weights: expected true, found false",
                refusal("scale_attn_weights", false));
        assertEquals(
                "scale_attn_by_inverse_layer_idx: expected false, found true",
                refusal("scale_attn_by_inverse_layer_idx", true));
        assertEquals(
                "add_cross_attention: expected false, found true",
                refusal("add_cross_attention", true));
    }

    private static String notExported(Gpt2Options options) {
        return assertThrows(InvalidInput.class, () -> Family.of(options).huggingFace(23))
                .getMessage();
    }

    @Test
    void aModelThatIsNoPlainGpt2IsNotExported() {
        assertEquals(
                "norm: post can't be said in a Hugging Face config of type gpt2, expected pre",
                notExported(
                        OptionRecords.of(
                                Gpt2Options.class,
                                Map.of(),
                                Family.choices(List.of(Family.DENSE), "post"))));
        assertEquals(
                "attention: layer 1 sees a band of keys, and the Hugging Face form gpt2 has dense"
                        + " attention only",
                notExported(
                        OptionRecords.of(
                                Gpt2Options.class,
                                Map.of(),
                                Family.choices(List.of(Family.DENSE, Family.BAND), "pre"))));
    }
}
