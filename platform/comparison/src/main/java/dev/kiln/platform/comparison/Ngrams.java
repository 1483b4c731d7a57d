package dev.kiln.platform.comparison;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Words and pairs of neighbouring words, in small letters. */
final class Ngrams {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    private Ngrams() {}

    static List<String> of(String text) {
        List<String> words =
                WORD.matcher(text.toLowerCase(Locale.ROOT))
                        .results()
                        .map(MatchResult::group)
                        .toList();
        List<String> grams = new ArrayList<>(words);
        for (int i = 1; i < words.size(); i++) {
            grams.add(words.get(i - 1) + " " + words.get(i));
        }
        return grams;
    }

    /**
     * N-grams as features: each of a text, marked by the text's place; each that two texts share,
     * and that they share one.
     */
    static List<String> features(List<String> texts) {
        List<String> features = new ArrayList<>();
        Set<String> before = new HashSet<>();
        for (int place = 0; place < texts.size(); place++) {
            List<String> grams = of(texts.get(place));
            for (String gram : grams) {
                features.add(place + ":" + gram);
                if (before.contains(gram)) {
                    features.add("shared:" + gram);
                    features.add("shared");
                }
            }
            before.addAll(grams);
        }
        return features;
    }
}
