package dev.kiln.platform.training.corpus;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Tokens;

/**
 * Training sequences in the order in which they are visited: a pure function of seed and position,
 * so that a resumed run sees what it would have seen. An epoch visits windows that do not overlap,
 * each once; shuffled, every epoch has a permutation and an offset of its own. Used by one thread.
 */
public final class Windows {
    private final Tokens tokens;
    private final int length;
    private final Order order;
    private final long seed;
    private final long perEpoch;
    private long epoch = -1;
    private long offset;
    private int[] permutation = {};

    /**
     * @param tokens at least length + 1
     * @param length of a sequence; a window holds one token more, the last target
     */
    public Windows(Tokens tokens, int length, Order order, long seed) {
        this.tokens = tokens;
        this.length = length;
        this.order = order;
        this.seed = seed;
        long whole = (tokens.size() - 1) / length;
        // Shuffled, one window less, so that the same number fits behind every offset.
        perEpoch = order == Order.SEQUENTIAL ? whole : Math.max(1, whole - 1);
    }

    public long perEpoch() {
        return perEpoch;
    }

    /** Copies the window at a position, from 0 on without end: length + 1 tokens. */
    void copy(long position, int[] out, int at) {
        long index = position % perEpoch;
        if (order == Order.SHUFFLED) {
            enter(position / perEpoch);
            index = permutation[(int) index];
        }
        tokens.copy(offset + index * length, out, at, length + 1);
    }

    private void enter(long wanted) {
        if (epoch == wanted) {
            return;
        }
        epoch = wanted;
        long key = Randomness.key(seed, wanted);
        long room = tokens.size() - 1 - perEpoch * length;
        offset = Randomness.below(key, 0, room + 1);
        permutation = new int[Math.toIntExact(perEpoch)];
        for (int i = 0; i < permutation.length; i++) {
            int j = (int) Randomness.below(key, 1L + i, i + 1L);
            permutation[i] = permutation[j];
            permutation[j] = i;
        }
    }
}
