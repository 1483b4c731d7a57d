package dev.kiln.plugins.wordnet;

import dev.kiln.spi.Randomness;
import java.util.Locale;

/** Splits WordNet by headwords: the corpus and the tasks alike. */
final class Headwords {
    private Headwords() {}

    /** As headwords are told apart. */
    static String key(String headword) {
        return headword.toLowerCase(Locale.ROOT);
    }

    /**
     * Where a headword stands between 0 and 1, whatever the seed. What is held out has the lowest
     * places, so a smaller share is part of a larger one.
     */
    static double place(String headword) {
        return Randomness.uniform(Randomness.key(0, key(headword)), 0);
    }
}
