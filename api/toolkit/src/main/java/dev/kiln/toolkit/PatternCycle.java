package dev.kiln.toolkit;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.AttentionPattern;
import java.util.List;

/**
 * Patterns that take turns from layer to layer, such as GPT-3's dense and banded ones: layer i has
 * pattern i mod n. Immutable and thread-safe.
 */
public record PatternCycle(List<AttentionPattern> patterns) implements AttentionPattern {

    /**
     * @throws IllegalArgumentException when there is no pattern
     */
    public PatternCycle {
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException("a cycle of attention patterns needs at least one");
        }
        patterns = List.copyOf(patterns);
    }

    @Override
    public AttentionLayout layout(int layer, int queries, int keys) {
        return patterns.get(Math.floorMod(layer, patterns.size())).layout(layer, queries, keys);
    }
}
