package dev.kiln.platform.runtime;

import dev.kiln.platform.storage.AtomicFile;
import dev.kiln.platform.storage.FileProblem;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;

/** A file with the ids of the plugins that the user turned off, a line each. */
final class DisabledPlugins {
    private DisabledPlugins() {}

    static SortedSet<String> read(Path file) {
        try {
            SortedSet<String> ids = new TreeSet<>(Files.readAllLines(file));
            ids.removeIf(String::isBlank);
            return ids;
        } catch (NoSuchFileException e) {
            return new TreeSet<>();
        } catch (IOException e) {
            throw new InvalidInput(
                    FileProblem.describe(file, e).orElse(file + ": cannot be read: " + e), e);
        }
    }

    static void write(Path file, SortedSet<String> ids) throws IOException {
        AtomicFile.write(file, String.join("\n", ids) + "\n");
    }
}
