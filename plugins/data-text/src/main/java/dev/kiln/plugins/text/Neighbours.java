package dev.kiln.plugins.text;

import dev.kiln.spi.Spelling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Files whose names are close to one that does not exist. */
final class Neighbours {
    private static final int MOST_EDITS = 2;
    private static final int MOST_FILES = 10_000;

    private Neighbours() {}

    /** The name in the same folder that is at most two edits away. */
    static Optional<String> nearest(Path missing) {
        Path folder = missing.toAbsolutePath().normalize().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names = files.limit(MOST_FILES).map(Neighbours::name).sorted().toList();
            return Spelling.nearest(name(missing), names, MOST_EDITS);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
