package dev.kiln.plugins.bpe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Learns merges (Sennrich et al., 2016, algorithm 1): again and again, the pair of neighbours that
 * occurs most often in the corpus becomes a token. Of pairs that occur equally often, the one with
 * the smaller ids goes first, as in Hugging Face's trainer, so that the same corpus always gives the
 * same merges. Only the words that hold a merged pair are looked at again. Used by one thread.
 */
final class Trainer {
    /** A word's tokens, and how often the word occurs. */
    private static final class Word {
        final long count;
        int[] ids;
        int length;

        Word(int[] ids, long count) {
            this.ids = ids;
            this.length = ids.length;
            this.count = count;
        }
    }

    /** How often a pair occurs, and the words that hold it (some perhaps no longer). */
    private static final class Pair {
        final long key;
        long count;
        List<Word> words = new ArrayList<>();

        Pair(long key) {
            this.key = key;
        }

        /** Words come one after the other, so a word is there already if it came last. */
        void add(Word word) {
            count += word.count;
            if (words.isEmpty() || words.getLast() != word) {
                words.add(word);
            }
        }
    }

    /** A pair with the count that it had when it was queued. */
    private record Candidate(Pair pair, long count) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byCount = Long.compare(other.count, count);
            return byCount != 0 ? byCount : Long.compare(pair.key, other.pair.key);
        }
    }

    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();
    private final List<String> spellings = new ArrayList<>();
    private final Set<String> spelled = new HashSet<>();
    private final List<Merge> merges = new ArrayList<>();

    /** Pairs that the merge under way brought forth. */
    private final Set<Pair> grown = new HashSet<>();

    private Trainer(WordCounts corpus) {
        int[] idOfByte = new int[ByteAlphabet.SIZE];
        for (int place = 0; place < ByteAlphabet.SIZE; place++) {
            idOfByte[ByteAlphabet.byteAt(place)] = place;
            spellings.add(ByteAlphabet.spell((byte) ByteAlphabet.byteAt(place)));
        }
        Utf8 utf8 = new Utf8();
        corpus.forEach(
                (word, count) -> addWord(utf8.bytes(word, 0, word.length()), count, idOfByte));
        pairs.values().forEach(pair -> queue.add(new Candidate(pair, pair.count)));
    }

    /**
     * Merges for a corpus, at most so many that {@code tokens} tokens result, the 256 bytes
     * included; fewer when no further pair occurs {@code minimumFrequency} times.
     */
    static Merges train(WordCounts corpus, int tokens, long minimumFrequency) {
        Trainer trainer = new Trainer(corpus);
        trainer.run(tokens, Math.max(1, minimumFrequency));
        return new Merges(trainer.merges);
    }

    private void addWord(byte[] bytes, long count, int[] idOfByte) {
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = idOfByte[bytes[i] & 0xFF];
        }
        Word word = new Word(ids, count);
        for (int i = 0; i + 1 < ids.length; i++) {
            pair(ids[i], ids[i + 1]).add(word);
        }
    }

    private void run(int tokens, long minimumFrequency) {
        while (spellings.size() < tokens && !queue.isEmpty()) {
            Candidate top = queue.poll();
            if (top.count != top.pair.count) {
                queue.add(new Candidate(top.pair, top.pair.count));
            } else if (top.count < minimumFrequency) {
                return;
            } else {
                merge(top.pair);
            }
        }
    }

    private void merge(Pair pair) {
        int left = (int) (pair.key >>> 32);
        int right = (int) pair.key;
        String spelling = spellings.get(left) + spellings.get(right);
        if (!spelled.add(spelling)) {
            // Another pair spells this token; in the files a token can come of one merge only.
            return;
        }
        int merged = spellings.size();
        spellings.add(spelling);
        merges.add(new Merge(left, right, merged));
        for (Word word : pair.words) {
            merge(word, left, right, merged);
        }
        pairs.remove(pair.key);
        pair.count = 0;
        grown.forEach(other -> queue.add(new Candidate(other, other.count)));
        grown.clear();
    }

    private void merge(Word word, int left, int right, int merged) {
        int[] ids = word.ids;
        int kept = 0;
        for (int i = 0; i < word.length; i++) {
            boolean here = ids[i] == left && i + 1 < word.length && ids[i + 1] == right;
            if (!here) {
                ids[kept++] = ids[i];
                continue;
            }
            if (kept > 0) {
                replace(word, ids[kept - 1], left, ids[kept - 1], merged);
            }
            if (i + 2 < word.length) {
                replace(word, right, ids[i + 2], merged, ids[i + 2]);
            }
            ids[kept++] = merged;
            i++;
        }
        word.length = kept;
    }

    /** One occurrence of a pair in a word becomes one of another pair. */
    private void replace(Word word, int oldLeft, int oldRight, int newLeft, int newRight) {
        Pair old = pairs.get(Merges.pair(oldLeft, oldRight));
        if (old != null) {
            old.count -= word.count;
        }
        Pair now = pair(newLeft, newRight);
        now.add(word);
        grown.add(now);
    }

    private Pair pair(int left, int right) {
        return pairs.computeIfAbsent(Merges.pair(left, right), Pair::new);
    }
}
