package dev.kiln.toolkit.huggingface;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.HuggingFaceTensor;
import dev.kiln.toolkit.AttentionScale;
import dev.kiln.toolkit.Blueprint;
import dev.kiln.toolkit.DecoderFamily;
import dev.kiln.toolkit.DecoderSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Hugging Face form of GPT-1 and GPT-2: query, key and value in one projection, matrices [in,
 * out], attention to all keys. Weights have the same names and shapes as here. Immutable.
 *
 * @param scales how the config says what scores are multiplied by, if it can be anything
 * @param ignored regular expressions for names, without prefix, of buffers that old files hold
 */
public record FusedLayout(ConfigForm form, Optional<ScaleKeys> scales, List<String> ignored) {
    /** What a model's names begin with, all but the output projection's. */
    public static final String PREFIX = "transformer.";

    /** The output projection's name, in files as here. */
    public static final String HEAD = "lm_head.weight";

    /** GPT-2, and those GPT-3s that differ from it in numbers only. */
    public static final FusedLayout GPT2 =
            new FusedLayout(
                    new ConfigForm(
                            "gpt2",
                            "GPT2LMHeadModel",
                            "pre",
                            ConfigForm.Keys.GPT2,
                            ActivationNames.USUAL,
                            Map.of(
                                    "n_layer",
                                    12,
                                    "n_head",
                                    12,
                                    "n_embd",
                                    768,
                                    "n_positions",
                                    1024,
                                    "embd_pdrop",
                                    0.1,
                                    "attn_pdrop",
                                    0.1,
                                    "resid_pdrop",
                                    0.1,
                                    "activation_function",
                                    "gelu_new",
                                    ScaleKeys.GPT2.head(),
                                    true,
                                    ScaleKeys.GPT2.layer(),
                                    false)),
                    Optional.of(ScaleKeys.GPT2),
                    List.of("h\\.\\d+\\.attn\\.(bias|masked_bias)"));

    /** The options that a config asks for. */
    public Map<String, Object> options(HuggingFaceConfig config) {
        Map<String, Object> options = form.read(config);
        scales.ifPresent(keys -> options.put("attentionScale", keys.read(config)));
        return options;
    }

    /**
     * How a model lies in a folder.
     *
     * @throws InvalidInput when its options can't be said in such a config
     */
    public HuggingFaceModel model(DecoderFamily family, int vocabulary) {
        Map<String, Object> config = form.write(family, vocabulary);
        AttentionScale scale = family.spec(vocabulary).attention().scale();
        config.putAll(
                scales.map(keys -> keys.write(scale))
                        .orElseGet(() -> ScaleKeys.expectUsual(scale, form.type())));
        Windows.expectNone(family.spec(vocabulary), form.type());
        List<HuggingFaceTensor> tensors =
                Blueprint.of(family, vocabulary).parts().keySet().stream()
                        .map(name -> HuggingFaceTensor.of(inFile(name), name))
                        .toList();
        return new HuggingFaceModel(config, PREFIX, tensors, tied(family, vocabulary), ignored);
    }

    /** A name with its prefix. */
    public static String inFile(String name) {
        return name.equals(HEAD) ? name : PREFIX + name;
    }

    /** The copy of the token embedding that files hold when the output projection is tied to it. */
    public static List<HuggingFaceTensor> tied(DecoderFamily family, int vocabulary) {
        DecoderSpec spec = family.spec(vocabulary);
        return spec.separateHead().isPresent()
                ? List.of()
                : List.of(HuggingFaceTensor.of(HEAD, spec.names().tokens() + ".weight"));
    }
}
