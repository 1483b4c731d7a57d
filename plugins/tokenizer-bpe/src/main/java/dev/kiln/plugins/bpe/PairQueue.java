package dev.kiln.plugins.bpe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The pairs of neighbouring tokens in a corpus, the most frequent first; of equally frequent ones,
 * the one with the smaller ids. Used by one thread.
 *
 * <p>A count that shrinks leaves the queue as it is: the pair is put back when it comes to the top.
 */
final class PairQueue {

    /** How often a pair occurs, and the words that hold it (some perhaps no longer). */
    static final class Pair {
        private final long ids;
        private final List<TrainingWord> words = new ArrayList<>();
        private long count;

        private Pair(long ids) {
            this.ids = ids;
        }

        int left() {
            return (int) (ids >>> 32);
        }

        int right() {
            return (int) ids;
        }

        List<TrainingWord> words() {
            return words;
        }
    }

    /** A pair with the count that it had when it was queued. */
    private record Candidate(Pair pair, long count) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            int byCount = Long.compare(other.count, count);
            return byCount != 0 ? byCount : Long.compare(pair.ids, other.pair.ids);
        }
    }

    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();
    private final Set<Pair> grown = new HashSet<>();

    /** Counts an occurrence of a pair in a word; the words come one after the other. */
    void add(int left, int right, TrainingWord word) {
        Pair pair = pairs.computeIfAbsent(Merges.pair(left, right), Pair::new);
        pair.count += word.count();
        if (pair.words.isEmpty() || pair.words.getLast() != word) {
            pair.words.add(word);
        }
        grown.add(pair);
    }

    /** Takes back an occurrence of a pair; of one that was removed there is nothing to take. */
    void subtract(int left, int right, TrainingWord word) {
        Pair pair = pairs.get(Merges.pair(left, right));
        if (pair != null) {
            pair.count -= word.count();
        }
    }

    /** Forgets a pair, since all its occurrences are merged. */
    void remove(Pair pair) {
        pairs.remove(pair.ids);
        pair.count = 0;
    }

    /** The most frequent pair, taken out of the queue, if it occurs often enough. */
    Optional<Pair> poll(long minimumFrequency) {
        grown.forEach(pair -> queue.add(new Candidate(pair, pair.count)));
        grown.clear();
        while (!queue.isEmpty() && queue.peek().count >= minimumFrequency) {
            Candidate top = queue.poll();
            if (top.count == top.pair.count) {
                return Optional.of(top.pair);
            }
            queue.add(new Candidate(top.pair, top.pair.count));
        }
        return Optional.empty();
    }
}
