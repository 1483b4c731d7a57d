package dev.kiln.plugins.bpe;

import dev.kiln.spi.InvalidInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects the merges of a file, and checks them against a vocabulary. Used by one thread. */
final class MergeList {
    private final Map<String, Integer> ids;
    private final String vocabulary;
    private final List<Merge> merges = new ArrayList<>();
    private final Set<Long> pairs = new HashSet<>();

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
                    "%s: expected two tokens with a space between them, got '%s'"
                            .formatted(where, merge));
        }
        add(parts[0], parts[1], where);
    }

    void add(String left, String right, String where) {
        Merge merge = new Merge(id(left, where), id(right, where), id(left + right, where));
        if (!pairs.add(Merges.pair(merge.left(), merge.right()))) {
            throw new InvalidInput("%s: '%s %s' comes twice".formatted(where, left, right));
        }
        merges.add(merge);
    }

    private int id(String spelling, String where) {
        Integer id = ids.get(spelling);
        if (id == null) {
            throw new InvalidInput(
                    "%s: %s has no token '%s'".formatted(where, vocabulary, spelling));
        }
        return id;
    }

    Merges merges() {
        return new Merges(merges);
    }
}
