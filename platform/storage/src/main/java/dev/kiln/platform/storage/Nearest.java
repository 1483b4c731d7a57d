package dev.kiln.platform.storage;

import java.util.Collection;

/** Finds the name that was probably meant. */
final class Nearest {
    private Nearest() {}

    /** {@code ; nearest is 'x'}, or nothing when no name is at all close. */
    static String hint(String name, Collection<String> names) {
        String nearest = "";
        int least = name.length() / 2 + 1;
        for (String candidate : names) {
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                nearest = "; nearest is '" + candidate + "'";
            }
        }
        return nearest;
    }

    /** How many letters must be added, dropped or changed (Levenshtein, 1966). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
