package dev.kiln.plugins.bpe;

import java.util.Arrays;
import java.util.List;

/**
 * Learned merges by rank: the first learned is applied first. Immutable and thread-safe.
 *
 * <p>Encoding asks for each pair of each new word. Pairs of the lowest ids, which most symbols have,
 * are in a square table, all others in an open-addressing one.
 */
final class Merges {
    private static final long NO_PAIR = -1;
    private static final int NO_RANK = -1;
    private static final int LOW = 256;

    private final List<Merge> ranked;
    private final int[] merged;

    /** The ranks of pairs of ids below {@link #LOW}. */
    private final int[] low = new int[LOW * LOW];

    /** A pair and, next to it, its rank. */
    private final long[] slots;

    /**
     * @throws IllegalArgumentException when two merges are of one pair
     */
    Merges(List<Merge> ranked) {
        this.ranked = List.copyOf(ranked);
        merged = ranked.stream().mapToInt(Merge::merged).toArray();
        slots = new long[Integer.highestOneBit(Math.max(8, ranked.size())) * 8];
        Arrays.fill(slots, NO_PAIR);
        Arrays.fill(low, NO_RANK);
        for (int rank = 0; rank < ranked.size(); rank++) {
            add(ranked.get(rank), rank);
        }
    }

    private void add(Merge merge, int rank) {
        int slot = slot(merge.left(), merge.right());
        if (slots[slot] != NO_PAIR) {
            throw new IllegalArgumentException("two merges of one pair: " + merge);
        }
        slots[slot] = pair(merge.left(), merge.right());
        slots[slot + 1] = rank;
        if (merge.left() < LOW && merge.right() < LOW) {
            low[merge.left() * LOW + merge.right()] = rank;
        }
    }

    /** All merges, the first learned first. */
    List<Merge> ranked() {
        return ranked;
    }

    /** The rank of a pair's merge, or -1 when the pair is not merged. */
    int rank(int left, int right) {
        if ((left | right) < LOW) {
            return low[left * LOW + right];
        }
        // An empty slot's rank is -1 too.
        return (int) slots[slot(left, right) + 1];
    }

    /** The token that the merge of this rank makes. */
    int merged(int rank) {
        return merged[rank];
    }

    /** Where a pair is, or where it would go; even. */
    private int slot(int left, int right) {
        long pair = pair(left, right);
        int mask = slots.length - 2;
        int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (slots[slot] != pair && slots[slot] != NO_PAIR) {
            slot = (slot + 2) & mask;
        }
        return slot;
    }

    /** Two ids, neither negative, as one number that sorts like the pair. */
    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }
}
