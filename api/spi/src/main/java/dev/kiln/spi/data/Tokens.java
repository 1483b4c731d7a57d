package dev.kiln.spi.data;

import dev.kiln.spi.Stable;
import java.util.Locale;

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

    /**
     * Names a token for messages: its file, if it is of one, and where it stands there.
     *
     * @param index of the token, from 0 on
     */
    default String place(long index) {
        return String.format(Locale.ROOT, "token %,d", index);
    }
}
