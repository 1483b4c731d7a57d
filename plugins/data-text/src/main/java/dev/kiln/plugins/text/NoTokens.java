package dev.kiln.plugins.text;

import dev.kiln.spi.data.Tokens;
import java.util.Objects;

/** The held-out tokens where none are. */
record NoTokens() implements Tokens {

    @Override
    public long size() {
        return 0;
    }

    @Override
    public void copy(long from, int[] out, int offset, int count) {
        Objects.checkFromIndexSize(from, count, 0L);
    }
}
