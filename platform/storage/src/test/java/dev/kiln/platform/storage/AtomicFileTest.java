package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.ByteBuffer;
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

    @Test
    void anInterruptedThreadWritesAllTheSameAndStaysInterrupted() throws IOException {
        Path file = folder.resolve("run.json");
        Thread.currentThread().interrupt();
        AtomicFile.write(file, "new");
        assertTrue(Thread.interrupted());
        assertEquals("new", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void anInterruptInTheMiddleOfTheWritingLosesNothing() throws IOException {
        Path file = folder.resolve("run.json");
        boolean[] interrupted = {false};
        AtomicFile.Body body =
                out -> {
                    Disk.drain(ByteBuffer.wrap(new byte[] {1, 2}), out);
                    if (!interrupted[0]) {
                        interrupted[0] = true;
                        Thread.currentThread().interrupt();
                    }
                    Disk.drain(ByteBuffer.wrap(new byte[] {3}), out);
                };
        AtomicFile.write(file, body, 3, Disk::create);
        assertTrue(Thread.interrupted());
        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(file));
        assertEquals(List.of(file), files());
    }
}
