package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
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
    void aPlaceThatIsNotThereIsOneLine() {
        Path file = folder.resolve("missing/run.json");
        assertRefused(file, "no such file or folder");
    }

    @Test
    void aLinkStaysALinkAndWhatItLeadsToIsReplaced() throws IOException {
        Path real = Files.createDirectory(folder.resolve("elsewhere")).resolve("real.json");
        Files.writeString(real, "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), real);
        AtomicFile.write(link, "new");
        assertTrue(Files.isSymbolicLink(link));
        assertTrue(Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS));
        assertEquals("new", Files.readString(real));
        assertEquals(List.of(real), list(real.getParent()));
    }

    @Test
    void foldersAndLinksToNothingAreRefused() throws IOException {
        Path target = Files.createDirectory(folder.resolve("a folder"));
        Path toFolder = Files.createSymbolicLink(folder.resolve("to-folder"), target);
        Path toNothing = Files.createSymbolicLink(folder.resolve("to-nothing"), Path.of("none"));
        assertRefused(target, "is a folder, expected a file to write");
        assertRefused(toFolder, "is a link to a folder, expected a file to write");
        assertRefused(toNothing, "is a link to none, which is not there");
        assertTrue(Files.isSymbolicLink(toNothing));
    }

    @Test
    void aPipeIsWrittenToAndStaysAPipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")));
        assertEquals(0, new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor());
        FutureTask<String> reader = new FutureTask<>(() -> Files.readString(pipe));
        Thread.ofVirtual().start(reader);
        AtomicFile.write(pipe, "through");
        assertEquals("through", reader.get());
        assertTrue(Files.readAttributes(pipe, BasicFileAttributes.class).isOther());
        assertEquals(List.of(pipe), files());
    }

    @Test
    void aFullDeviceIsNotSaidToBeAsItWas() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full) && !Files.isRegularFile(full));
        assertRefused(full, "the disk is full");
        assertFalse(Files.isRegularFile(full));
    }

    @Test
    void aLinkUnderATemporaryNameIsNotFollowed() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        Path planted = Files.createSymbolicLink(folder.resolve(".run.json-1.tmp"), victim);
        assertThrows(FileAlreadyExistsException.class, () -> Disk.create(planted));
        assertEquals("precious", Files.readString(victim));
    }

    @Test
    void temporaryNamesAreNeverTheSame() {
        TemporaryFiles names = TemporaryFiles.of(folder.resolve("run.json"));
        Set<Path> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Path name = names.next();
            assertTrue(names.leftover().matcher(name.getFileName().toString()).matches());
            assertTrue(seen.add(name));
        }
    }

    @Test
    void whatKilledWritersLeftIsDeletedButNothingElse() throws IOException {
        Path file = folder.resolve("run.json");
        TemporaryFiles names = TemporaryFiles.of(file);
        FileTime yesterday = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
        Path left = Files.writeString(names.next(), "half");
        Files.setLastModifiedTime(left, yesterday);
        Path beingWritten = Files.writeString(names.next(), "half");
        Path link = Files.createSymbolicLink(names.next(), left);
        Path others = Files.writeString(folder.resolve(".run.json-notes.tmp"), "mine");
        Files.setLastModifiedTime(others, yesterday);
        AtomicFile.write(file, "new");
        assertEquals(Set.of(file, beingWritten, link, others), Set.copyOf(files()));
    }

    private static void assertRefused(Path file, String message) {
        String problem =
                assertThrows(InvalidInput.class, () -> AtomicFile.write(file, "x")).getMessage();
        assertEquals(file + ": " + message, problem);
    }

    private List<Path> files() throws IOException {
        return list(folder);
    }

    private static List<Path> list(Path folder) throws IOException {
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
