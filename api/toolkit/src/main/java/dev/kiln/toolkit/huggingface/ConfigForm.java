package dev.kiln.toolkit.huggingface;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.toolkit.DecoderFamily;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.OutputHead;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a kind of {@code config.json} says of a decoder, and the options that say the same. Immutable.
 *
 * @param type {@code model_type}
 * @param architecture the class in transformers that has the language model
 * @param norm the placement that the architecture has
 * @param defaults what transformers takes for keys that are not there
 */
public record ConfigForm(
        String type,
        String architecture,
        String norm,
        Keys keys,
        Activations activations,
        Map<String, Object> defaults) {
    private static final String EPSILON = "layer_norm_epsilon";
    private static final String TIED = "tie_word_embeddings";

    /** What the kind calls sizes and dropout rates. */
    public record Keys(
            String layers,
            String heads,
            String width,
            String context,
            String embeddingDropout,
            String attentionDropout,
            String residualDropout) {
        /** Those of GPT-1 and GPT-2. */
        public static final Keys RELEASED =
                new Keys(
                        "n_layer",
                        "n_head",
                        "n_embd",
                        "n_positions",
                        "embd_pdrop",
                        "attn_pdrop",
                        "resid_pdrop");
    }

    public ConfigForm {
        defaults = Map.copyOf(defaults);
    }

    /** A config of this kind, with transformers' defaults. */
    public HuggingFaceConfig config(Map<String, Object> values) {
        Map<String, Object> all = new LinkedHashMap<>(defaults);
        all.put(EPSILON, 1e-5);
        all.put(TIED, true);
        return new HuggingFaceConfig(values, all);
    }

    /** The options that a config asks for, those that all families have. */
    public Map<String, Object> read(HuggingFaceConfig config) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("layers", config.size(keys.layers()));
        options.put("heads", config.size(keys.heads()));
        options.put("width", config.size(keys.width()));
        options.put("context", config.size(keys.context()));
        readDropout(config, options);
        options.put("epsilon", config.fraction(EPSILON));
        options.put("gelu", OptionWords.of(activations.read(config)));
        options.put(
                "outputHead",
                OptionWords.of(config.flag(TIED) ? OutputHead.TIED : OutputHead.SEPARATE));
        return options;
    }

    private void readDropout(HuggingFaceConfig config, Map<String, Object> options) {
        double embedding = config.fraction(keys.embeddingDropout());
        double attention = config.fraction(keys.attentionDropout());
        double residual = config.fraction(keys.residualDropout());
        if (embedding == attention && attention == residual) {
            options.put("dropout", residual);
        } else {
            options.put("embeddingDropout", embedding);
            options.put("attentionDropout", attention);
            options.put("residualDropout", residual);
        }
    }

    /**
     * Refuses a feed-forward layer that is not four times as wide as the model.
     *
     * @param inner the key that says how wide it is; not there for four times
     */
    public void checkInner(HuggingFaceConfig config, String inner) {
        int expected = 4 * config.size(keys.width());
        config.expectIfThere(
                inner, expected, "null or " + expected + ", which is 4 · " + keys.width());
    }

    /**
     * The config of a model.
     *
     * @throws InvalidInput when its options can't be said in this kind of config
     */
    public Map<String, Object> write(DecoderFamily family, int vocabulary) {
        String placed = family.options().norm().name();
        if (!placed.equals(norm)) {
            throw new InvalidInput(
                    "norm: %s can't be said in a Hugging Face config of type %s, expected %s"
                            .formatted(placed, type, norm));
        }
        DecoderSpec spec = family.spec(vocabulary);
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", type);
        config.put("architectures", List.of(architecture));
        writeSizes(spec.shape(), config);
        config.put(keys.embeddingDropout(), spec.dropout().embedding());
        config.put(keys.attentionDropout(), spec.dropout().attention());
        config.put(keys.residualDropout(), spec.dropout().residual());
        config.put(activations.key(), activations.write(spec.gelu(), type));
        config.put(EPSILON, spec.epsilon());
        config.put("initializer_range", 0.02);
        config.put(TIED, spec.separateHead().isEmpty());
        return config;
    }

    private void writeSizes(ModelShape shape, Map<String, Object> config) {
        config.put("vocab_size", shape.vocabulary());
        config.put(keys.layers(), shape.layers());
        config.put(keys.heads(), shape.heads());
        config.put(keys.width(), shape.width());
        config.put(keys.context(), shape.context());
    }
}
