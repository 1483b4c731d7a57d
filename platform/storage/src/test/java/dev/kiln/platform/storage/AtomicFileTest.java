package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir private Path folder;

    @Test
    void replacesTheContentsAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("run.json");
        AtomicFile.write(file, "old");
        AtomicFile.write(file, "größe");
        assertEquals("größe", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void aFullDiskKeepsTheOldContents() throws IOException {
        Path file = folder.resolve("run.json");
        AtomicFile.write(file, "old");
        InvalidInput problem =
                assertThrows(
                        InvalidInput.class,
                        () -> AtomicFile.write(file, new byte[2000], new FullDisk(1000)));
        assertEquals(
                file + ": the disk is full: 2.0 kB are needed; the file is as it was before",
                problem.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void otherProblemsAreLeftAsTheyAre() {
        Path file = folder.resolve("missing/run.json");
        assertThrows(NoSuchFileException.class, () -> AtomicFile.write(file, "x"));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
