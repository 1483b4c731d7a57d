package dev.kiln.plugins.wordnet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** All synsets, in WordNet's order. Immutable and thread-safe. */
final class Lexicon {
    private final Map<String, Synset> byId = new LinkedHashMap<>();

    private Lexicon(Stream<Synset> synsets) {
        synsets.forEach(synset -> byId.put(synset.id(), synset));
    }

    static Lexicon read() {
        try (Stream<Synset> synsets = Entries.synsets()) {
            return new Lexicon(synsets);
        }
    }

    List<Synset> where(Predicate<String> headword) {
        return byId.values().stream().filter(synset -> headword.test(synset.headword())).toList();
    }

    /** What a synset is a kind of, the first if of several. */
    Optional<Synset> kind(Synset synset) {
        return synset.kinds().stream().findFirst().map(byId::get);
    }

    /** Whether a word, given by its key, is one of a synset or of anything above it. */
    boolean isA(Synset synset, String word) {
        return synset.words().contains(word)
                || Stream.concat(synset.kinds().stream(), synset.classes().stream())
                        .map(byId::get)
                        .anyMatch(above -> isA(above, word));
    }
}
