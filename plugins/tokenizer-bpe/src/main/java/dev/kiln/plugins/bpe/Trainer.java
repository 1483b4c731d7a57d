package dev.kiln.plugins.bpe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Learns merges (Sennrich et al., 2016, algorithm 1): again and again, the pair of neighbours that
 * occurs most often in the corpus becomes a token. Ties are broken as in Hugging Face's trainer, so
 * the same corpus always gives the same merges. Only the words that hold a merged pair are looked at
 * again. Used by one thread.
 */
final class Trainer {
    private final PairQueue pairs = new PairQueue();
    private final List<String> spellings;
    private final Set<String> spelled;
    private final List<Merge> merges = new ArrayList<>();

    /** Begins with the first tokens, by id. */
    Trainer(List<String> spellings) {
        this.spellings = new ArrayList<>(spellings);
        this.spelled = new HashSet<>(spellings);
    }

    /** Adds a word, as ids of first tokens, that occurs {@code count} times in the corpus. */
    void add(int[] word, long count) {
        new TrainingWord(word, count, pairs);
    }

    /**
     * Learns merges, at most so many that {@code tokens} tokens result, the first ones included;
     * fewer when no further pair occurs {@code minimumFrequency} (at least 1) times.
     */
    Merges learn(int tokens, long minimumFrequency) {
        while (spellings.size() < tokens) {
            Optional<PairQueue.Pair> pair = pairs.poll(minimumFrequency);
            if (pair.isEmpty()) {
                break;
            }
            merge(pair.get());
        }
        return new Merges(merges);
    }

    /** All tokens by id, those that merges make included. */
    List<String> spellings() {
        return List.copyOf(spellings);
    }

    private void merge(PairQueue.Pair pair) {
        String spelling = spellings.get(pair.left()) + spellings.get(pair.right());
        if (!spelled.add(spelling)) {
            // Another pair spells this token; in the files a token can come of one merge only.
            return;
        }
        Merge merge = new Merge(pair.left(), pair.right(), spellings.size());
        spellings.add(spelling);
        merges.add(merge);
        pair.words().forEach(word -> word.apply(merge, pairs));
        pairs.remove(pair);
    }
}
