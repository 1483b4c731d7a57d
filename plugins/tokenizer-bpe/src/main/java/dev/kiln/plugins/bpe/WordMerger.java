package dev.kiln.plugins.bpe;

import java.util.Arrays;

/**
 * Merges the bytes of one word: while two neighbours have a merge, the pair of the lowest rank goes
 * first, the leftmost of equals. The tokens are a linked list and the candidates a heap, so a word
 * of n bytes takes O(n log n), however long an attacker makes it.
 */
final class WordMerger {
    private final Merges merges;
    private final LongHeap candidates = new LongHeap();
    private final int[] ids;
    private final int[] next;
    private final int[] previous;

    private WordMerger(Vocabulary vocabulary, Merges merges, byte[] word) {
        this.merges = merges;
        ids = new int[word.length];
        next = new int[word.length];
        previous = new int[word.length];
        for (int i = 0; i < word.length; i++) {
            ids[i] = vocabulary.idOf(word[i]);
            next[i] = i + 1;
            previous[i] = i - 1;
        }
    }

    /** The ids of a word. */
    static int[] merge(Vocabulary vocabulary, Merges merges, byte[] word) {
        WordMerger merger = new WordMerger(vocabulary, merges, word);
        return merger.merged();
    }

    private int[] merged() {
        for (int at = 0; at + 1 < ids.length; at++) {
            consider(at);
        }
        while (!candidates.isEmpty()) {
            long candidate = candidates.poll();
            apply((int) (candidate >>> 32), (int) candidate);
        }
        int count = 0;
        for (int at = 0; at < ids.length; at = next[at]) {
            ids[count++] = ids[at];
        }
        return Arrays.copyOf(ids, count);
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
        if (ids[at] < 0 || right == ids.length || merges.rank(ids[at], ids[right]) != rank) {
            return;
        }
        ids[at] = merges.merged(rank);
        ids[right] = -1;
        next[at] = next[right];
        if (next[at] < ids.length) {
            previous[next[at]] = at;
            consider(at);
        }
        if (previous[at] >= 0) {
            consider(previous[at]);
        }
    }
}
