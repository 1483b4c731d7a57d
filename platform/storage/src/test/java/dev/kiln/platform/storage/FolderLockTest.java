package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir private Path root;

    /** Holds a folder's lock, says so, and waits for the end of its input. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            try (FolderLock _ = FolderLock.acquire(Path.of(arguments[0]))) {
                System.out.println("held");
                System.in.read();
            }
        }
    }

    private static Process hold(Path folder) throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Holder.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertEquals("held", process.inputReader().readLine());
        return process;
    }

    private static String refusal(Path folder) {
        return assertThrows(InvalidInput.class, () -> FolderLock.acquire(folder)).getMessage();
    }

    @Test
    void anotherProcessIsRefusedInOneLineThatNamesTheHolder() throws Exception {
        Path folder = root.resolve("run");
        Process holder = hold(folder);
        try {
            String line = refusal(folder);
            assertTrue(
                    line.matches(
                            "\\Q%s: is being written by another process (pid %d on \\E[\\w.-]+\\)"
                                    .formatted(folder, holder.pid())),
                    line);
            assertEquals(line, refusal(folder), "to be refused ends no lock");
            assertEquals(List.of(folder.resolve(FolderLock.FILE)), list(folder));
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    @Test
    void theLockOfAProcessThatWasKilledIsTakenOver() throws Exception {
        Path folder = root.resolve("run");
        hold(folder).destroyForcibly().waitFor();
        assertTrue(Files.exists(folder.resolve(FolderLock.FILE)), "a kill leaves the file");
        try (FolderLock _ = FolderLock.acquire(folder)) {
            String holder = Files.readString(folder.resolve(FolderLock.FILE));
            assertTrue(holder.startsWith("pid " + ProcessHandle.current().pid() + " on "), holder);
        }
        assertFalse(Files.exists(folder.resolve(FolderLock.FILE)));
    }

    @Test
    void anotherRunOfTheSameProcessIsRefusedByWhateverPath() throws Exception {
        Path folder = root.resolve("run");
        Path link = Files.createSymbolicLink(root.resolve("link"), folder);
        try (FolderLock _ = FolderLock.acquire(folder)) {
            assertEquals(
                    folder + ": is being written by another run of this process", refusal(folder));
            assertEquals(link + ": is being written by another run of this process", refusal(link));
        }
        FolderLock.acquire(folder).close();
    }

    @Test
    void aFolderThatTheLockMadeIsGoneWhenNothingWasWritten() throws Exception {
        FolderLock.acquire(root.resolve("a/b")).close();
        assertEquals(List.of(), list(root.resolve("a")));
        Path existing = Files.createDirectory(root.resolve("c"));
        FolderLock.acquire(existing).close();
        assertEquals(List.of(), list(existing));
        Path written = root.resolve("d");
        try (FolderLock _ = FolderLock.acquire(written)) {
            Files.writeString(written.resolve("x"), "");
            assertEquals(List.of(written.resolve("x")), FolderLock.contents(written));
        }
        assertEquals(List.of(written.resolve("x")), list(written));
    }

    @Test
    void aFileIsRefused() throws Exception {
        Path file = Files.writeString(root.resolve("x"), "x");
        assertEquals(file + ": is a file, expected a folder", refusal(file));
        assertEquals("x", Files.readString(file));
    }

    @Test
    void aLockThatCannotBeWrittenIsNamedInOneLine() throws Exception {
        Path run = Files.createDirectories(root.resolve("run"));
        Path lock = Files.createDirectory(run.resolve(FolderLock.FILE));
        String problem =
                assertThrows(InvalidInput.class, () -> FolderLock.acquire(run)).getMessage();
        assertTrue(problem.startsWith(lock + ": "), problem);
        assertTrue(Files.isDirectory(lock));
    }

    @Test
    void anInterruptedThreadLocksAndUnlocksAndStaysInterrupted() throws Exception {
        Path folder = root.resolve("run");
        Thread.currentThread().interrupt();
        try (FolderLock _ = FolderLock.acquire(folder)) {
            Files.writeString(folder.resolve("x"), "");
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertEquals(List.of(folder.resolve("x")), list(folder));
    }

    /** Two threads take turns at one folder as fast as they can; each is there alone. */
    @Test
    void whoHoldsItIsAlone() throws Exception {
        Path folder = root.resolve("run");
        Path mark = root.resolve("mark");
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Integer> one = threads.submit(() -> turns(folder, mark));
            Future<Integer> other = threads.submit(() -> turns(folder, mark));
            assertEquals(40, one.get() + other.get());
        }
        assertFalse(Files.exists(folder.resolve(FolderLock.FILE)));
    }

    private static int turns(Path folder, Path mark) throws IOException {
        int turns = 0;
        while (turns < 20) {
            try (FolderLock _ = FolderLock.acquire(folder)) {
                Files.createFile(mark); // fails where another is there
                Files.delete(mark);
                turns++;
            } catch (InvalidInput refused) {
                Thread.onSpinWait();
            }
        }
        return turns;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
