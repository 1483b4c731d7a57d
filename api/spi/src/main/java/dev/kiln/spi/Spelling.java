package dev.kiln.spi;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the valid word that a wrong one was probably meant to be, for messages of {@link
 * InvalidInput}. Words are compared by the letters that must be added, dropped, changed or swapped
 * with a neighbour (Damerau, 1964; Levenshtein, 1966); upper and lower case count as the same
 * letter, and so do {@code _} and {@code -}. Thread-safe.
 */
@Stable
public final class Spelling {
    private Spelling() {}

    /**
     * The nearest valid word, if it is near for the length of the wrong one: one edit away for
     * three letters, two for six, three for more.
     */
    public static Optional<String> nearest(String wrong, Collection<String> valid) {
        return nearest(wrong, valid, wrong.length() <= 3 ? 1 : wrong.length() <= 6 ? 2 : 3);
    }

    /**
     * The nearest valid word; of several, the first in the collection's order.
     *
     * @param mostEdits the farthest that a word may be away; below 0 none is near enough
     */
    public static Optional<String> nearest(String wrong, Collection<String> valid, int mostEdits) {
        String meant = fold(wrong);
        return valid.stream()
                .map(word -> new Candidate(word, edits(meant, fold(word))))
                .filter(candidate -> candidate.edits <= mostEdits)
                .min(Comparator.comparingInt(Candidate::edits))
                .map(Candidate::word);
    }

    private record Candidate(String word, int edits) {}

    private static String fold(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Three rows of the table of distances between all beginnings of the two words at a time. */
    private static int edits(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(last[j], row[j - 1]));
                if (isSwap(a, i, b, j)) {
                    row[j] = Math.min(row[j], 1 + beforeLast[j - 2]);
                }
            }
        }
        return row[b.length()];
    }

    /** Whether the two letters before i and j are the same ones the other way round. */
    private static boolean isSwap(String a, int i, String b, int j) {
        return i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
    }
}
