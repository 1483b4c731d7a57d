package dev.kiln.toolkit.huggingface;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.toolkit.ActivationOption;
import dev.kiln.toolkit.DecoderFamily;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.OutputHead;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
        ActivationNames activations,
        Map<String, Object> defaults) {
    private static final String EPSILON = "layer_norm_epsilon";
    private static final String TIED = "tie_word_embeddings";
    private static final String QUANTIZED = "quantization_config";
    private static final String PER_LAYER = "per_layer_config";

    /**
     * What the kind calls sizes and dropout rates.
     *
     * @param feedForward for the width of the feed-forward layers, if it can be any
     */
    public record Keys(
            String layers,
            String heads,
            String width,
            String context,
            String embeddingDropout,
            String attentionDropout,
            String residualDropout,
            Optional<String> feedForward) {
        /** Those of GPT-2. */
        public static final Keys GPT2 = released(Optional.of("n_inner"));

        /** Those of GPT-1, whose feed-forward layers are four times as wide as the model. */
        public static final Keys GPT1 = released(Optional.empty());

        private static Keys released(Optional<String> feedForward) {
            return new Keys(
                    "n_layer",
                    "n_head",
                    "n_embd",
                    "n_positions",
                    "embd_pdrop",
                    "attn_pdrop",
                    "resid_pdrop",
                    feedForward);
        }

        /** The names that sizes have in every kind of config: {@code attribute_map}. */
        Map<String, String> aliases() {
            Map<String, String> aliases = new HashMap<>();
            aliases.put("num_hidden_layers", layers);
            aliases.put("num_attention_heads", heads);
            aliases.put("hidden_size", width);
            aliases.put("max_position_embeddings", context);
            aliases.entrySet().removeIf(alias -> alias.getKey().equals(alias.getValue()));
            return aliases;
        }
    }

    public ConfigForm {
        defaults = Map.copyOf(defaults);
    }

    /** A config of this kind, with transformers' defaults. */
    public HuggingFaceConfig config(Map<String, Object> values) {
        Map<String, Object> all = new LinkedHashMap<>(defaults);
        all.put(EPSILON, 1e-5);
        all.put(TIED, true);
        return new HuggingFaceConfig(values, all, keys.aliases());
    }

    /** The options that a config asks for, those that all families have. */
    public Map<String, Object> read(HuggingFaceConfig config) {
        if (config.has(QUANTIZED)) {
            throw config.refusal(QUANTIZED, "none: weights of float32, float16 or bfloat16");
        }
        config.expectIfThere(PER_LAYER, Map.of(), "none: all layers alike");
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("layers", config.size(keys.layers()));
        options.put("heads", config.size(keys.heads()));
        options.put("width", config.size(keys.width()));
        options.put("context", config.size(keys.context()));
        readDropout(config, options);
        options.put("epsilon", config.fraction(EPSILON));
        readFeedForward(config, options);
        options.put(
                "outputHead",
                OptionWords.of(config.flag(TIED) ? OutputHead.TIED : OutputHead.SEPARATE));
        return options;
    }

    private void readFeedForward(HuggingFaceConfig config, Map<String, Object> options) {
        keys.feedForward()
                .filter(config::has)
                .map(config::size)
                .filter(width -> width != 4 * config.size(keys.width()))
                .ifPresent(width -> options.put("feedForward", width));
        ActivationFunction function = activations.read(config);
        options.put("activation", OptionWords.of(ActivationOption.of(function)));
        ActivationOption.formOf(function)
                .ifPresent(form -> options.put("gelu", OptionWords.of(form)));
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
     * The config of a model.
     *
     * @throws InvalidInput when its options can't be said in this kind of config
     */
    public Map<String, Object> write(DecoderFamily family, int vocabulary) {
        String placed = family.options().norm().name();
        if (!placed.equals(norm)) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "norm: %s can't be said in a Hugging Face config of type %s, expected %s",
                            placed,
                            type,
                            norm));
        }
        DecoderSpec spec = family.spec(vocabulary);
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", type);
        config.put("architectures", List.of(architecture));
        writeSizes(spec.shape(), config);
        config.put(keys.embeddingDropout(), spec.dropout().embedding());
        config.put(keys.attentionDropout(), spec.dropout().attention());
        config.put(keys.residualDropout(), spec.dropout().residual());
        config.put(activations.key(), activations.write(spec.feedForward().activation(), type));
        writeFeedForward(spec, config);
        config.put(EPSILON, spec.epsilon());
        config.put("initializer_range", 0.02);
        config.put(TIED, spec.separateHead().isEmpty());
        return config;
    }

    private void writeFeedForward(DecoderSpec spec, Map<String, Object> config) {
        int width = spec.feedForward().width();
        int usual = 4 * spec.shape().width();
        if (width == usual) {
            return; // left out it means just that
        }
        String key =
                keys.feedForward()
                        .orElseThrow(
                                () ->
                                        new InvalidInput(
                                                "feedForward: "
                                                        + width
                                                        + " can't be said in a Hugging Face config"
                                                        + " of type "
                                                        + type
                                                        + ", expected "
                                                        + usual));
        config.put(key, width);
    }

    private void writeSizes(ModelShape shape, Map<String, Object> config) {
        if (shape.attentionWidth() != shape.width()) {
            throw new InvalidInput(
                    "heads of "
                            + shape.headSize()
                            + " can't be said in a Hugging Face config of type "
                            + type
                            + ", expected width / heads: "
                            + shape.width() / shape.heads());
        }
        config.put("vocab_size", shape.vocabulary());
        config.put(keys.layers(), shape.layers());
        config.put(keys.heads(), shape.heads());
        config.put(keys.width(), shape.width());
        config.put(keys.context(), shape.context());
    }
}
