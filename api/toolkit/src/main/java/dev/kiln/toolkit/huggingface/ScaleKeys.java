package dev.kiln.toolkit.huggingface;

import dev.kiln.spi.InvalidInput;
import dev.kiln.toolkit.AttentionScale;
import java.util.Arrays;
import java.util.Map;

/**
 * The two keys by which GPT-2's configs say what attention scores are multiplied by.
 *
 * @param head whether by 1/√s for heads of s elements; true by default
 * @param layer whether by 1/n in the n-th layer; false by default
 */
public record ScaleKeys(String head, String layer) {
    static final ScaleKeys GPT2 =
            new ScaleKeys("scale_attn_weights", "scale_attn_by_inverse_layer_idx");

    /** What a config says, as the option {@code attentionScale}. */
    String read(HuggingFaceConfig config) {
        boolean byHead = config.flag(head);
        boolean byLayer = config.flag(layer);
        return OptionWords.of(
                Arrays.stream(AttentionScale.values())
                        .filter(scale -> says(scale, byHead, byLayer))
                        .findFirst()
                        .orElseThrow());
    }

    private static boolean says(AttentionScale scale, boolean byHead, boolean byLayer) {
        return scale.byHead() == byHead && scale.byLayer() == byLayer;
    }

    Map<String, Object> write(AttentionScale scale) {
        return Map.of(head, scale.byHead(), layer, scale.byLayer());
    }

    /**
     * For a kind of config without such keys.
     *
     * @throws InvalidInput when the scale is not the usual one
     */
    static Map<String, Object> expectUsual(AttentionScale scale, String type) {
        if (scale != AttentionScale.HEAD) {
            throw new InvalidInput(
                    "attentionScale: "
                            + OptionWords.of(scale)
                            + " can't be said in a Hugging Face config of type "
                            + type
                            + ", expected head");
        }
        return Map.of();
    }
}
