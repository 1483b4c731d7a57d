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

    /**
     * Gives a sequence some keys and values of another, in every layer, so that what both texts begin
     * with is computed once. They are its own then: what is written for one is not seen by the other.
     *
     * <pre>{@code
     * // Four samples of one prompt, which sequence 0 has read.
     * for (int sample = 1; sample < 4; sample++) {
     *     cache.copy(0, sample, 0, cache.length(0));
     * }
     * }</pre>
     *
     * @param from the sequence that has them
     * @param to another one, whose positions before {@code begin} stay and whose length becomes
     *     {@code end}
     * @param begin the first position, in [0, length(to)]
     * @param end one more than the last position, in [begin, length(from)]
     * @throws IllegalArgumentException when a position is out of its range, or both are one sequence
     */
    void copy(int from, int to, int begin, int end);
}
