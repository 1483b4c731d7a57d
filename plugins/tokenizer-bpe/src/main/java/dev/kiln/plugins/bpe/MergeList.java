package dev.kiln.plugins.bpe;

import dev.kiln.spi.InvalidInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects the merges of a file, and checks them against a vocabulary. Used by one thread. */
final class MergeList {
    private final Map<String, Integer> ids;
    private final String vocabulary;
    private final LinkedHashMap<Long, Merge> merges = new LinkedHashMap<>();

    /**
     * @param ids by spelling
     * @param vocabulary what messages call the vocabulary
     */
    MergeList(Map<String, Integer> ids, String vocabulary) {
        this.ids = ids;
        this.vocabulary = vocabulary;
    }

    /**
     * Adds a merge written as two spellings with a space between them.
     *
     * @param where file and place, for messages
     */
    void add(String merge, String where) {
        String[] parts = merge.split(" ", -1);
        if (parts.length != 2) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: expected two tokens with a space between them, got '%s'",
                            where,
                            merge));
        }
        add(parts[0], parts[1], where);
    }

    /** Adds a merge; of two of one pair the later counts, as in Hugging Face's tokenizers. */
    void add(String left, String right, String where) {
        Merge merge = new Merge(id(left, where), id(right, where), id(left + right, where));
        merges.putLast(Merges.pair(merge.left(), merge.right()), merge);
    }

    private int id(String spelling, String where) {
        Integer id = ids.get(spelling);
        if (id == null) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT, "%s: %s has no token '%s'", where, vocabulary, spelling));
        }
        return id;
    }

    Merges merges() {
        return new Merges(List.copyOf(merges.values()));
    }
}
