package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/**
 * The keys and values that some sequences have seen, for every layer. Lengths count positions; a
 * forward pass writes behind them with {@link Backend#cachedAttention}, the same for every layer,
 * and its caller then advances them. Used by one thread at a time.
 */
@Stable
public interface KvCache {
    int layers();

    /** Number of sequences, B. */
    int sequences();

    /** Positions that a sequence has room for. */
    int capacity();

    /** C of a layer's keys, and of its values. */
    int width();

    /** Positions that a sequence holds. */
    int length(int sequence);

    /**
     * Sets a sequence's length: more after a forward pass that wrote them, less to go back.
     *
     * @throws IllegalArgumentException when it is not in [0, capacity]
     */
    void setLength(int sequence, int length);

    /**
     * Some of its sequences as a cache: the same keys, values and lengths, for a pass that the others
     * do not take part in.
     *
     * @param sequences different ones, at least one; the result's sequence i is {@code sequences[i]}
     */
    KvCache select(int... sequences);
}
