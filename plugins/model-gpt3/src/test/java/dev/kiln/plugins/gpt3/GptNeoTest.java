package dev.kiln.plugins.gpt3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import dev.kiln.spi.model.ModelFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keys and names are those that transformers 5.18 writes for {@code GPTNeoForCausalLM}. */
class GptNeoTest {
    private static final Map<String, Object> CONFIG =
            Map.ofEntries(
                    Map.entry("model_type", "gpt_neo"),
                    Map.entry("architectures", List.of("GPTNeoForCausalLM")),
                    Map.entry("vocab_size", 23),
                    Map.entry("num_layers", 4),
                    Map.entry("num_heads", 2),
                    Map.entry("hidden_size", 8),
                    Map.entry("max_position_embeddings", 12),
                    Map.entry("embed_dropout", 0.2),
                    Map.entry("attention_dropout", 0.3),
                    Map.entry("resid_dropout", 0.1),
                    Map.entry("activation_function", "gelu"),
                    Map.entry("layer_norm_epsilon", 1e-6),
                    Map.entry("initializer_range", 0.02),
                    Map.entry("tie_word_embeddings", false),
                    Map.entry("attention_types", types(List.of("global", "local"), 2)),
                    Map.entry("window_size", 5));

    private static List<?> types(List<String> cycle, int times) {
        return List.of(List.of(cycle, times));
    }

    private static Map<String, Object> options(Map<String, Object> config) {
        return new Gpt3Factory().huggingFaceOptions(config);
    }

    private static Map<String, Object> with(String key, Object value) {
        Map<String, Object> config = new HashMap<>(CONFIG);
        config.put(key, value);
        return config;
    }

    private static ModelFamily family(Map<String, Object> config) {
        Map<String, Object> options = options(config);
        return Family.of(options, (List<?>) options.get("attention"));
    }

    private static String refusal(String key, Object value) {
        return assertThrows(InvalidInput.class, () -> options(with(key, value))).getMessage();
    }

    @Test
    void aConfigBecomesOptionsAndAConfigAgain() {
        assertEquals(CONFIG, family(CONFIG).huggingFace(23).config());
    }

    @Test
    void optionsAreThoseThatYamlWouldGive() {
        Map<String, Object> options = options(CONFIG);
        assertEquals(List.of("dense", Family.band(5)), options.get("attention"));
        assertEquals(false, options.get("qkvBias"));
        assertEquals(4, options.get("layers"));
        assertEquals("erf", options.get("gelu"));
    }

    /** {@code GPTNeoConfig()}: 24 layers, global and local in turn, windows of 256. */
    @Test
    void anEmptyConfigHasTheDefaultsOfTransformers() {
        Map<String, Object> options = options(Map.of());
        assertEquals(24, options.get("layers"));
        assertEquals(2048, options.get("width"));
        assertEquals(List.of("dense", Family.band(256)), options.get("attention"));
    }

    @Test
    void anyOrderOfLayersIsReadAndWritten() {
        Map<String, Object> irregular =
                with("attention_types", types(List.of("global", "local", "local", "global"), 1));
        assertEquals(irregular, family(irregular).huggingFace(23).config());
        Map<String, Object> apart =
                with(
                        "attention_types",
                        List.of(List.of(List.of("local"), 3), List.of(List.of("global"), 1)));
        assertEquals(
                types(List.of("local", "local", "local", "global"), 1),
                family(apart).huggingFace(23).config().get("attention_types"));
    }

    /** {@code GPTNeoConfig} writes both, and where they differ it takes the layers. */
    @Test
    void layersOneByOneCountMoreThanCycles() {
        Map<String, Object> config =
                with("attention_layers", List.of("local", "global", "local", "global"));
        assertEquals(List.of(Family.band(5), "dense"), options(config).get("attention"));
    }

    /** Bit for bit: GPT-Neo's scores are not scaled, and neither are those of the model read. */
    @Test
    void whatIsReadOfAGptNeoHasItsWeightsAsTheyAre() {
        assertEquals("none", options(CONFIG).get("attentionScale"));
        assertTrue(
                family(CONFIG).huggingFace(23).tensors().stream()
                        .allMatch(tensor -> tensor.factor() == 1));
    }

    @Test
    void aliasesOfSizesCountMoreThanTheirKeys() {
        Map<String, Object> config = with("num_attention_heads", 4);
        config.put("num_hidden_layers", 4);
        config.put("num_layers", 2);
        assertEquals(4, options(config).get("heads"));
        assertEquals(4, options(config).get("layers"));
    }

    @Test
    void aFeedForwardLayerOfAnyWidthIsReadAndWritten() {
        Map<String, Object> config = with("intermediate_size", 16);
        assertEquals(16, options(config).get("feedForward"));
        assertEquals(config, family(config).huggingFace(23).config());
    }

    @Test
    void whatAConfigDoesNotSayIsListed() {
        Map<String, Object> config = new HashMap<>(CONFIG);
        config.remove("attention_types");
        config.remove("num_heads");
        assertEquals(
                Map.of("num_heads", 16, "attention_types", types(List.of("global", "local"), 12)),
                new Gpt3Factory().huggingFaceDefaults(config));
    }

    @Test
    void queriesHoldTheScaleOfAModelWhoseScoresHaveOne() {
        Map<String, Object> scaled = new HashMap<>(options(CONFIG));
        scaled.put("attentionScale", "head");
        Map<String, HuggingFaceTensor> tensors =
                Family.of(scaled, (List<?>) scaled.get("attention"))
                        .huggingFace(23)
                        .tensors()
                        .stream()
                        .collect(Collectors.toMap(HuggingFaceTensor::name, Function.identity()));
        String attention = "transformer.h.3.attn.attention.";
        String fused = "h.3.attn.c_attn.weight";
        // heads of 8 / 2 = 4 elements: 1 / √4
        assertEquals(
                new HuggingFaceTensor(attention + "q_proj.weight", fused, 0, 8, true, 0.5),
                tensors.get(attention + "q_proj.weight"));
        assertEquals(
                new HuggingFaceTensor(attention + "k_proj.weight", fused, 8, 16, true, 1),
                tensors.get(attention + "k_proj.weight"));
        assertEquals(
                new HuggingFaceTensor(attention + "v_proj.weight", fused, 16, 24, true, 1),
                tensors.get(attention + "v_proj.weight"));
    }

    @Test
    void matricesAreTransposedAndTablesAreNot() {
        List<HuggingFaceTensor> tensors = family(CONFIG).huggingFace(23).tensors();
        Set<String> transposed =
                tensors.stream()
                        .filter(HuggingFaceTensor::transposed)
                        .map(HuggingFaceTensor::name)
                        .filter(
                                name ->
                                        name.startsWith("transformer.h.0.")
                                                || !name.contains(".h."))
                        .collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        "transformer.h.0.attn.attention.q_proj.weight",
                        "transformer.h.0.attn.attention.k_proj.weight",
                        "transformer.h.0.attn.attention.v_proj.weight",
                        "transformer.h.0.attn.attention.out_proj.weight",
                        "transformer.h.0.mlp.c_fc.weight",
                        "transformer.h.0.mlp.c_proj.weight"),
                transposed);
    }

    @Test
    void tensorsHaveTheNamesThatTransformersWrites() {
        Map<String, Object> config = with("num_layers", 1);
        config.put("attention_types", types(List.of("local"), 1));
        HuggingFaceModel model = family(config).huggingFace(23);
        assertEquals(
                Set.of(
                        "transformer.wte.weight",
                        "transformer.wpe.weight",
                        "transformer.h.0.ln_1.weight",
                        "transformer.h.0.ln_1.bias",
                        "transformer.h.0.attn.attention.k_proj.weight",
                        "transformer.h.0.attn.attention.v_proj.weight",
                        "transformer.h.0.attn.attention.q_proj.weight",
                        "transformer.h.0.attn.attention.out_proj.weight",
                        "transformer.h.0.attn.attention.out_proj.bias",
                        "transformer.h.0.ln_2.weight",
                        "transformer.h.0.ln_2.bias",
                        "transformer.h.0.mlp.c_fc.weight",
                        "transformer.h.0.mlp.c_fc.bias",
                        "transformer.h.0.mlp.c_proj.weight",
                        "transformer.h.0.mlp.c_proj.bias",
                        "transformer.ln_f.weight",
                        "transformer.ln_f.bias",
                        "lm_head.weight"),
                model.tensors().stream().map(HuggingFaceTensor::name).collect(Collectors.toSet()));
        assertTrue(model.ignored().stream().anyMatch("h.0.attn.attention.bias"::matches));
        assertTrue(model.ignored().stream().anyMatch("h.0.attn.attention.masked_bias"::matches));
    }

    @Test
    void aDenseModelWithBiasesIsAGpt2() {
        ModelFamily dense = Family.of(Map.of(), List.of("dense"));
        assertEquals("gpt2", dense.huggingFace(50_257).config().get("model_type"));
        assertEquals(2048, dense.huggingFace(50_257).config().get("n_positions"));
    }

    @Test
    void aDenseModelWithoutBiasesIsAGptNeoOfGlobalLayers() {
        ModelFamily dense = Family.of(Map.of("qkvBias", false), List.of("dense"));
        Map<String, Object> config = dense.huggingFace(50_257).config();
        assertEquals("gpt_neo", config.get("model_type"));
        assertEquals(types(List.of("global"), 12), config.get("attention_types"));
    }

    private static String notExported(Map<String, ?> options, List<?> attention) {
        ModelFamily family = Family.of(options, attention);
        return assertThrows(InvalidInput.class, () -> family.huggingFace(23)).getMessage();
    }

    @Test
    void whatNoFormCanSayIsNotExported() {
        assertEquals(
                "qkvBias: the Hugging Face form with local attention, gpt_neo, has no biases of"
                        + " query, key and value; expected qkvBias: false, or attention: dense for"
                        + " the form gpt2",
                notExported(Map.of(), List.of("dense", Family.band(256))));
        assertEquals(
                "attention: windows of [4, 8] keys, and the Hugging Face form gpt_neo has one for"
                        + " all layers",
                notExported(Map.of("qkvBias", false), List.of(Family.band(4), Family.band(8))));
        assertEquals(
                "attention: layer 1 sees neither all keys nor a band of them, and no Hugging Face"
                        + " form has that",
                notExported(Map.of("qkvBias", false), List.of("dense", "itself")));
    }

    @Test
    void aConfigOfWhatGpt3IsNotIsRefused() {
        String expected =
                "expected global or local for each of 4 layers, in the form [[[\"global\","
                        + " \"local\"], 12]], found ";
        assertEquals(
                "attention_types: " + expected + "[[[global, local], 3]]",
                refusal("attention_types", types(List.of("global", "local"), 3)));
        assertEquals(
                "attention_types: " + expected + "[[[global], 3]]",
                refusal("attention_types", types(List.of("global"), 3)));
        assertEquals(
                "attention_types: " + expected + "[[[sideways], 4]]",
                refusal("attention_types", types(List.of("sideways"), 4)));
        assertEquals(
                "attention_types: " + expected + "[[[], 2147483647]]",
                refusal("attention_types", types(List.of(), Integer.MAX_VALUE)));
        assertEquals(
                "attention_layers: expected global or local for each of 4 layers, found [global]",
                refusal("attention_layers", List.of("global")));
        assertEquals(
                "window_size: expected a whole number from 1 to 1000000, found 0",
                refusal("window_size", 0));
    }
}
