package dev.kiln.plugins.gpt2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.testkit.fixtures.OptionRecords;
import dev.kiln.toolkit.DecoderFamily;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.huggingface.FusedLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                    Map.entry("scale_attn_weights", true),
                    Map.entry("scale_attn_by_inverse_layer_idx", false),
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
    @CsvSource({
        "gelu_new, gelu, tanh",
        "gelu_pytorch_tanh, gelu, tanh",
        "gelu_fast, gelu, tanh",
        "gelu_accurate, gelu, tanh",
        "gelu_python_tanh, gelu, tanh",
        "gelu, gelu, erf",
        "gelu_python, gelu, erf",
        "quick_gelu, quick-gelu,",
        "silu, silu,",
        "swish, silu,",
        "relu, relu,",
        "tanh, tanh,"
    })
    void theNamesOfActivationsAreThoseOfTransformers(String name, String activation, String form) {
        Map<String, Object> options = options(with("activation_function", name));
        assertEquals(activation, options.get("activation"));
        assertEquals(form, options.get("gelu"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gelu_new", "gelu", "quick_gelu", "silu", "relu", "tanh"})
    void everyActivationIsWrittenByItsName(String name) {
        Map<String, Object> config = with("activation_function", name);
        assertEquals(config, Family.of(options(config)).huggingFace(23).config());
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, head",
        "true, true, head-and-layer",
        "false, true, layer",
        "false, false, none"
    })
    void scalesOfAttentionAreReadAndWritten(boolean head, boolean layer, String scale) {
        Map<String, Object> config = with("scale_attn_weights", head);
        config.put("scale_attn_by_inverse_layer_idx", layer);
        assertEquals(scale, options(config).get("attentionScale"));
        assertEquals(config, Family.of(options(config)).huggingFace(23).config());
    }

    @Test
    void aFeedForwardLayerOfAnyWidthIsReadAndWritten() {
        Map<String, Object> config = with("n_inner", 50);
        assertEquals(50, options(config).get("feedForward"));
        assertEquals(config, Family.of(options(config)).huggingFace(23).config());
    }

    /** As {@code GPT2Config(n_head=3, num_attention_heads=4)} has 4 heads, in any order. */
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
                                7,
                                "n_ctx",
                                9));
        assertEquals(4, options.get("heads"));
        assertEquals(5, options.get("layers"));
        assertEquals(64, options.get("width"));
        assertEquals(7, options.get("context"));
    }

    @Test
    void aMistakeIsPlacedAtTheNameThatTheFileHas() {
        assertEquals(
                "num_attention_heads: expected a whole number from 1 to 1000000, found 'four'",
                refusal("num_attention_heads", "four"));
    }

    @Test
    void whatAConfigDoesNotSayIsListed() {
        assertEquals(Map.of(), new Gpt2Factory().huggingFaceDefaults(CONFIG));
        Map<String, Object> config = new HashMap<>(CONFIG);
        config.remove("n_head");
        config.remove("n_layer");
        config.put("num_hidden_layers", 1);
        assertEquals(Map.of("n_head", 12), new Gpt2Factory().huggingFaceDefaults(config));
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
                "n_inner: expected a whole number from 1 to 1000000, found 0",
                refusal("n_inner", 0));
        assertEquals(
                "activation_function: expected one of gelu_new, gelu_pytorch_tanh, gelu_fast,"
                        + " gelu_accurate, gelu_python_tanh, gelu, gelu_python, quick_gelu, silu,"
                        + " swish, relu, tanh, found 'mish'",
                refusal("activation_function", "mish"));
        assertEquals(
                "scale_attn_weights: expected true or false, found 1",
                refusal("scale_attn_weights", 1));
        assertEquals(
                "quantization_config: expected none: weights of float32, float16 or bfloat16, found"
                        + " {load_in_8bit=true}",
                refusal("quantization_config", Map.of("load_in_8bit", true)));
        assertEquals(
                "per_layer_config: expected none: all layers alike, found {1={n_head=1}}",
                refusal("per_layer_config", Map.of("1", Map.of("n_head", 1))));
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

    /** GPT-2's blocks with heads of another size, as a plugin may have them. */
    private record WideHeads(Gpt2Options options) implements DecoderFamily {

        @Override
        public DecoderSpec spec(int vocabulary) {
            DecoderSpec spec = ((DecoderFamily) Family.of(options)).spec(vocabulary);
            ModelShape shape = spec.shape();
            return new DecoderSpec(
                    new ModelShape(
                            vocabulary,
                            shape.context(),
                            shape.layers(),
                            shape.heads(),
                            shape.width(),
                            32 * shape.heads()),
                    spec.placement(),
                    spec.attention(),
                    spec.feedForward(),
                    spec.epsilon(),
                    spec.dropout(),
                    spec.embeddingDropout(),
                    spec.init(),
                    spec.separateHead(),
                    spec.names());
        }
    }

    @Test
    void headsOfAnotherSizeThanTransformersWouldTakeAreNotExported() {
        WideHeads family =
                new WideHeads(
                        OptionRecords.of(
                                Gpt2Options.class,
                                Map.of("heads", 4, "width", 64),
                                Family.choices(List.of(Family.DENSE), "pre")));
        InvalidInput refusal =
                assertThrows(InvalidInput.class, () -> FusedLayout.GPT2.model(family, 23));
        assertEquals(
                "heads of 32 can't be said in a Hugging Face config of type gpt2, expected width /"
                        + " heads: 16",
                refusal.getMessage());
    }
}
