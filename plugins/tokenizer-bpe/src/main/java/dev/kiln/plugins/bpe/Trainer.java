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
    private final List<String> spellings = new ArrayList<>();
    private final Set<String> spelled = new HashSet<>();
    private final List<Merge> merges = new ArrayList<>();

    private Trainer(WordCounts corpus) {
        int[] idOfByte = new int[ByteAlphabet.SIZE];
        for (int place = 0; place < ByteAlphabet.SIZE; place++) {
            idOfByte[ByteAlphabet.byteAt(place)] = place;
            spellings.add(ByteAlphabet.spell((byte) ByteAlphabet.byteAt(place)));
        }
        Utf8 utf8 = new Utf8();
        corpus.forEach(
                (word, count) -> {
                    byte[] bytes = utf8.bytes(word, 0, word.length());
                    int[] ids = new int[bytes.length];
                    for (int i = 0; i < ids.length; i++) {
                        ids[i] = idOfByte[bytes[i] & 0xFF];
                    }
                    new TrainingWord(ids, count, pairs);
                });
    }

    /**
     * Merges for a corpus, at most so many that {@code tokens} tokens result, the 256 bytes
     * included; fewer when no further pair occurs {@code minimumFrequency} (at least 1) times.
     */
    static Merges train(WordCounts corpus, int tokens, long minimumFrequency) {
        Trainer trainer = new Trainer(corpus);
        while (trainer.spellings.size() < tokens) {
            Optional<PairQueue.Pair> pair = trainer.pairs.poll(minimumFrequency);
            if (pair.isEmpty()) {
                break;
            }
            trainer.merge(pair.get());
        }
        return new Merges(trainer.merges);
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
