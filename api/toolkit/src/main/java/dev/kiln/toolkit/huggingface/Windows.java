package dev.kiln.toolkit.huggingface;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.attention.Sparse;
import dev.kiln.toolkit.DecoderSpec;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** How far each layer of a model looks back, for formats that know nothing but windows. */
public final class Windows {
    private Windows() {}

    /**
     * Per layer the number of keys that a query sees at most, itself included; empty for all.
     *
     * @throws InvalidInput when a layer looks at something else
     */
    public static List<OptionalInt> of(DecoderSpec spec) {
        return IntStream.range(0, spec.shape().layers())
                .mapToObj(layer -> window(spec, layer))
                .toList();
    }

    private static OptionalInt window(DecoderSpec spec, int layer) {
        int context = spec.shape().context();
        return switch (spec.attention().pattern().layout(layer, context, context)) {
            case Causal _ -> OptionalInt.empty();
            case Banded banded -> OptionalInt.of(banded.window());
            case Sparse _ ->
                    throw new InvalidInput(
                            "attention: layer "
                                    + layer
                                    + " sees neither all keys nor a band of them, and no Hugging"
                                    + " Face form has that");
        };
    }

    /**
     * Refuses models whose layers don't all see all keys.
     *
     * @param type of the Hugging Face form, for the message
     */
    static void expectNone(DecoderSpec spec, String type) {
        List<OptionalInt> windows = of(spec);
        for (int layer = 0; layer < windows.size(); layer++) {
            if (windows.get(layer).isPresent()) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "attention: layer %d sees a band of keys, and the Hugging Face form %s has dense attention only",
                                layer,
                                type));
            }
        }
    }
}
