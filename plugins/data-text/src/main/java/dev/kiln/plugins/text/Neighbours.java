package dev.kiln.plugins.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Files whose names are close to one that does not exist. */
final class Neighbours {
    private static final int MOST_EDITS = 2;
    private static final int MOST_FILES = 10_000;

    private Neighbours() {}

    /** The name in the same folder that is at most two edits (Levenshtein, 1966) away. */
    static Optional<String> nearest(Path missing) {
        Path folder = missing.toAbsolutePath().normalize().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return Optional.empty();
        }
        String wanted = lower(missing);
        Comparator<String> closest =
                Comparator.comparingInt(name -> edits(wanted, name.toLowerCase(Locale.ROOT)));
        try (Stream<Path> files = Files.list(folder)) {
            return files.limit(MOST_FILES)
                    .filter(file -> edits(wanted, lower(file)) <= MOST_EDITS)
                    .map(file -> String.valueOf(file.getFileName()))
                    .min(closest.thenComparing(Comparator.naturalOrder()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String lower(Path file) {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    }

    static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
