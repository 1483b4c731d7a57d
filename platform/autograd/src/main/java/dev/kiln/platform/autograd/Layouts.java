package dev.kiln.platform.autograd;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.AttentionPattern;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Asks a pattern for a layout once per layer and length. Layouts that a growing cache asks for are
 * not kept: there would be one a token. Used by one thread at a time; outlives single steps.
 */
public final class Layouts {
    private record Place(AttentionPattern pattern, int layer, int length) {}

    private static final int MOST = 256;

    private final Map<Place, AttentionLayout> known = new HashMap<>();

    AttentionLayout of(AttentionPattern pattern, int layer, int queries, int keys) {
        if (queries < keys) {
            return checked(pattern, layer, queries, keys);
        }
        if (known.size() >= MOST) {
            known.clear();
        }
        return known.computeIfAbsent(
                new Place(pattern, layer, keys), place -> checked(pattern, layer, queries, keys));
    }

    /** Kernels read keys where a layout says that they are. */
    private static AttentionLayout checked(
            AttentionPattern pattern, int layer, int queries, int keys) {
        AttentionLayout layout = pattern.layout(layer, queries, keys);
        if (layout.queries() != queries || layout.keys() != keys) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "attention pattern %s: asked for %d queries of %d keys, its layout has %d of %d",
                            pattern.getClass().getName(),
                            queries,
                            keys,
                            layout.queries(),
                            layout.keys()));
        }
        return layout;
    }
}
