package dev.kiln.plugins.bpe;

import java.util.Arrays;

/**
 * Merges the tokens of one word: while two neighbours have a merge, the pair of the lowest rank goes
 * first, the leftmost of equals. Used by one thread.
 *
 * <p>A short word's ranks are searched anew for each merge, which is fastest there. In a long one
 * the tokens are a linked list and the candidates a heap, so a word of n tokens takes O(n log n),
 * however long an attacker makes it.
 */
final class WordMerger {
    private static final int SHORT = 48;
    private static final int NONE = Integer.MAX_VALUE;

    private final Merges merges;
    private final int[] ranks = new int[SHORT];

    WordMerger(Merges merges) {
        this.merges = merges;
    }

    /**
     * Merges the first {@code count} ids in place.
     *
     * @return how many are left
     */
    int merge(int[] ids, int count) {
        return count <= SHORT ? mergeShort(ids, count) : new LongWord(ids, count).merge();
    }

    /** {@code ranks[i]} is the rank of the pair that token i is the left one of. */
    private int mergeShort(int[] ids, int count) {
        int size = count;
        for (int i = 0; i + 1 < size; i++) {
            ranks[i] = rank(ids[i], ids[i + 1]);
        }
        while (size > 1) {
            int at = lowest(size - 1);
            if (ranks[at] == NONE) {
                break;
            }
            ids[at] = merges.merged(ranks[at]);
            size--;
            System.arraycopy(ids, at + 2, ids, at + 1, size - at - 1);
            System.arraycopy(ranks, at + 1, ranks, at, size - at - 1);
            if (at > 0) {
                ranks[at - 1] = rank(ids[at - 1], ids[at]);
            }
            if (at + 1 < size) {
                ranks[at] = rank(ids[at], ids[at + 1]);
            }
        }
        return size;
    }

    private int lowest(int pairs) {
        int at = 0;
        int lowest = ranks[0];
        for (int i = 1; i < pairs; i++) {
            if (ranks[i] < lowest) {
                lowest = ranks[i];
                at = i;
            }
        }
        return at;
    }

    private int rank(int left, int right) {
        int rank = merges.rank(left, right);
        return rank < 0 ? NONE : rank;
    }

    private final class LongWord {
        private final LongHeap candidates = new LongHeap();
        private final int[] ids;
        private final int[] next;
        private final int[] previous;
        private final int count;

        LongWord(int[] ids, int count) {
            this.ids = ids;
            this.count = count;
            next = new int[count];
            previous = new int[count];
            Arrays.setAll(next, i -> i + 1);
            Arrays.setAll(previous, i -> i - 1);
        }

        int merge() {
            for (int at = 0; at + 1 < count; at++) {
                consider(at);
            }
            while (!candidates.isEmpty()) {
                long candidate = candidates.poll();
                apply((int) (candidate >>> 32), (int) candidate);
            }
            int kept = 0;
            for (int at = 0; at < count; at = next[at]) {
                ids[kept++] = ids[at];
            }
            return kept;
        }

        private void consider(int at) {
            int rank = merges.rank(ids[at], ids[next[at]]);
            if (rank >= 0) {
                candidates.add((long) rank << 32 | at);
            }
        }

        /** Merges the token at a place with its right neighbour, if they still are what they were. */
        private void apply(int rank, int at) {
            int right = next[at];
            if (ids[at] < 0 || right == count || merges.rank(ids[at], ids[right]) != rank) {
                return;
            }
            ids[at] = merges.merged(rank);
            ids[right] = -1;
            next[at] = next[right];
            if (next[at] < count) {
                previous[next[at]] = at;
                consider(at);
            }
            if (previous[at] >= 0) {
                consider(previous[at]);
            }
        }
    }
}
