package dev.kiln.spi.data;

import dev.kiln.spi.Stable;

/** A long sequence of token ids, in memory or mapped from a file. Immutable and thread-safe. */
@Stable
public interface Tokens {

    /** Number of tokens. */
    long size();

    /**
     * Copies tokens {@code [from, from + count)} to {@code out[offset...]}.
     *
     * @throws IndexOutOfBoundsException when they are not all there
     */
    void copy(long from, int[] out, int offset, int count);
}
