package dev.kiln.platform.training.corpus;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Tokens;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/** Tokens in memory. Grows while it is filled, by one thread; then immutable. */
public final class TokenBuffer implements Tokens {
    private static final int MOST = Integer.MAX_VALUE - 8;

    private int[] ids = new int[1 << 16];
    private int size;

    /**
     * @throws InvalidInput when there are too many for memory
     */
    public void add(int... more) {
        if (more.length > MOST - size) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "the corpus has more than %,d tokens; write it to a token file and use data: tokens",
                            MOST));
        }
        int needed = size + more.length;
        if (needed > ids.length) {
            ids = Arrays.copyOf(ids, (int) Math.min(MOST, Math.max(needed, 2L * ids.length)));
        }
        System.arraycopy(more, 0, ids, size, more.length);
        size = needed;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void copy(long from, int[] out, int offset, int count) {
        Objects.checkFromIndexSize(from, count, (long) size);
        System.arraycopy(ids, (int) from, out, offset, count);
    }
}
