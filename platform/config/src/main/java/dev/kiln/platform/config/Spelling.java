package dev.kiln.platform.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Words in error messages: quoted so that they stay on the line, and compared with valid ones. */
final class Spelling {
    private static final int LONGEST_QUOTE = 60;
    private static final int FEW = 12;

    private Spelling() {}

    /** The text in quotes, on one line, shortened when it is long. */
    static String quote(String text) {
        StringBuilder line = new StringBuilder("'");
        text.codePoints()
                .limit(LONGEST_QUOTE)
                .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
                .forEach(line::appendCodePoint);
        return line.append(text.length() > LONGEST_QUOTE ? "…'" : "'").toString();
    }

    /** What to add to the message about an unknown word: the nearest valid one, or all if few. */
    static String hint(String word, Collection<String> valid) {
        Optional<String> nearest = nearest(word, valid);
        if (nearest.isPresent()) {
            return "; did you mean " + quote(nearest.get()) + "?";
        }
        if (valid.isEmpty()) {
            return "; there are none";
        }
        return valid.size() <= FEW
                ? "; there are: " + String.join(", ", valid)
                : "; 'kiln plugins' lists what there is";
    }

    /** The valid word with the fewest edits, if they are few for the length of the word. */
    static Optional<String> nearest(String word, Collection<String> valid) {
        int most = word.length() <= 3 ? 1 : word.length() <= 6 ? 2 : 3;
        return valid.stream()
                .filter(v -> Math.abs(v.length() - word.length()) <= most)
                .filter(v -> distance(fold(word), fold(v)) <= most)
                .min(Comparator.comparingInt(v -> distance(fold(word), fold(v))));
    }

    private static String fold(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Insertions, deletions and substitutions that lead from one word to the other. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
