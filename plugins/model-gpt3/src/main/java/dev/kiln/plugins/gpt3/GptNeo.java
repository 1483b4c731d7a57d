package dev.kiln.plugins.gpt3;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import dev.kiln.toolkit.Blueprint;
import dev.kiln.toolkit.DecoderFamily;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.huggingface.ActivationNames;
import dev.kiln.toolkit.huggingface.ConfigForm;
import dev.kiln.toolkit.huggingface.FusedLayout;
import dev.kiln.toolkit.huggingface.HuggingFaceConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * GPT-Neo (Black et al., 2021), the Hugging Face form with local attention: query, key and value
 * apart and without biases, matrices [out, in], and scores that are not scaled: of a model whose
 * scores are, the query's projection holds the factor.
 */
final class GptNeo {
    static final String TYPE = "gpt_neo";

    private static final ConfigForm FORM =
            new ConfigForm(
                    TYPE,
                    "GPTNeoForCausalLM",
                    "pre",
                    new ConfigForm.Keys(
                            "num_layers",
                            "num_heads",
                            "hidden_size",
                            "max_position_embeddings",
                            "embed_dropout",
                            "attention_dropout",
                            "resid_dropout",
                            Optional.of("intermediate_size")),
                    ActivationNames.USUAL,
                    Map.of(
                            "num_layers",
                            24,
                            "num_heads",
                            16,
                            "hidden_size",
                            2048,
                            "max_position_embeddings",
                            2048,
                            "embed_dropout",
                            0.0,
                            "attention_dropout",
                            0.0,
                            "resid_dropout",
                            0.0,
                            "activation_function",
                            "gelu_new",
                            AttentionTypes.WINDOW,
                            256));
    private static final List<String> IGNORED =
            List.of("h\\.\\d+\\.attn\\.attention\\.(bias|masked_bias)");

    private GptNeo() {}

    /** The options of {@code gpt3} that a config asks for. */
    static Map<String, Object> options(Map<String, Object> values) {
        HuggingFaceConfig config = FORM.config(values);
        Map<String, Object> options = new LinkedHashMap<>(FORM.read(config));
        options.put("attention", AttentionTypes.read(config, config.size("num_layers")));
        options.put("qkvBias", false);
        options.put("attentionScale", "none");
        return options;
    }

    /** What transformers takes for keys that a config doesn't have, by key. */
    static Map<String, Object> defaults(Map<String, Object> values) {
        Map<String, Object> defaults = new TreeMap<>(FORM.config(values).assumed());
        defaults.putAll(AttentionTypes.defaults(FORM.config(values)));
        return defaults;
    }

    /**
     * How a model lies in a folder.
     *
     * @throws InvalidInput when it is not such a model
     */
    static HuggingFaceModel model(DecoderFamily family, int vocabulary) {
        Map<String, Object> config = FORM.write(family, vocabulary);
        config.putAll(AttentionTypes.write(family.spec(vocabulary)));
        List<HuggingFaceTensor> tensors =
                Blueprint.of(family, vocabulary).parts().keySet().stream()
                        .flatMap(name -> tensors(name, family.spec(vocabulary)))
                        .toList();
        return new HuggingFaceModel(
                config, FusedLayout.PREFIX, tensors, FusedLayout.tied(family, vocabulary), IGNORED);
    }

    private static Stream<HuggingFaceTensor> tensors(String weight, DecoderSpec spec) {
        String name = FusedLayout.inFile(weight);
        if (weight.endsWith(".attn.c_attn.weight")) {
            return projections(name.replace("c_attn.weight", "attention."), weight, spec);
        }
        String renamed = name.replace(".attn.c_proj.", ".attn.attention.out_proj.");
        boolean matrix = weight.matches("h\\.\\d+\\.(attn|mlp)\\.c_\\w+\\.weight");
        return Stream.of(
                matrix
                        ? HuggingFaceTensor.transposed(renamed, weight)
                        : HuggingFaceTensor.of(renamed, weight));
    }

    private static Stream<HuggingFaceTensor> projections(
            String prefix, String weight, DecoderSpec spec) {
        int width = spec.shape().width();
        int layer = Integer.parseInt(weight.split("\\.")[1]); // h.N.attn.c_attn.weight
        double scale = spec.attention().scale().factor(width / spec.shape().heads(), layer);
        return Stream.of(
                new HuggingFaceTensor(prefix + "q_proj.weight", weight, 0, width, true, scale),
                new HuggingFaceTensor(prefix + "k_proj.weight", weight, width, 2 * width, true, 1),
                new HuggingFaceTensor(
                        prefix + "v_proj.weight", weight, 2 * width, 3 * width, true, 1));
    }
}
