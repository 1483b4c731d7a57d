package dev.kiln.plugins.bpe;

import java.util.Arrays;
import java.util.List;

/**
 * Learned merges by rank: the first learned is applied first. Immutable and thread-safe.
 *
 * <p>Pairs are looked up in an open-addressing table, since encoding asks for each pair of each new
 * word.
 */
final class Merges {
    private static final long NO_PAIR = -1;

    private final List<Merge> ranked;
    private final long[] pairs;
    private final int[] ranks;
    private final int[] merged;

    /**
     * @throws IllegalArgumentException when two merges are of one pair
     */
    Merges(List<Merge> ranked) {
        this.ranked = List.copyOf(ranked);
        int slots = Integer.highestOneBit(Math.max(8, ranked.size())) * 4;
        pairs = new long[slots];
        Arrays.fill(pairs, NO_PAIR);
        ranks = new int[slots];
        merged = ranked.stream().mapToInt(Merge::merged).toArray();
        for (int rank = 0; rank < ranked.size(); rank++) {
            add(ranked.get(rank), rank);
        }
    }

    private void add(Merge merge, int rank) {
        int slot = slot(merge.left(), merge.right());
        if (pairs[slot] != NO_PAIR) {
            throw new IllegalArgumentException("two merges of one pair: " + merge);
        }
        pairs[slot] = pair(merge.left(), merge.right());
        ranks[slot] = rank;
    }

    /** All merges, the first learned first. */
    List<Merge> ranked() {
        return ranked;
    }

    /** The rank of a pair's merge, or -1 when the pair is not merged. */
    int rank(int left, int right) {
        int slot = slot(left, right);
        return pairs[slot] == NO_PAIR ? -1 : ranks[slot];
    }

    /** The token that the merge of this rank makes. */
    int merged(int rank) {
        return merged[rank];
    }

    /** Where a pair is, or where it would go. */
    private int slot(int left, int right) {
        long pair = pair(left, right);
        int mask = pairs.length - 1;
        int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (pairs[slot] != pair && pairs[slot] != NO_PAIR) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Two ids, neither negative, as one number that sorts like the pair. */
    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }
}
