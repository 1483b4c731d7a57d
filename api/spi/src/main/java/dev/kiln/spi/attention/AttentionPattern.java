package dev.kiln.spi.attention;

import dev.kiln.spi.Stable;

/**
 * Which keys each query may look at. Immutable and thread-safe.
 *
 * <p>The queries are the last {@code queries} of {@code keys} positions, so with a KV cache {@code
 * queries < keys}. Row i describes position {@code keys - queries + i}; it holds that position and
 * none after it. A row must not depend on {@code queries}: the row of a position is the same
 * whether it is computed alone, with a cache, or with all others.
 */
@Stable
public interface AttentionPattern {
    /**
     * Asked once per layer and length, then cached.
     *
     * @param layer 0-based index of the block that asks
     * @param queries number of query positions, at least 1
     * @param keys number of key positions, cached ones included, at least {@code queries}
     * @throws IllegalArgumentException when an argument is out of range
     */
    AttentionLayout layout(int layer, int queries, int keys);
}
