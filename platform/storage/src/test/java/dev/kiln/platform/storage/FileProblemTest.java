package dev.kiln.platform.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileProblemTest {

    @Test
    void everyRefusalOfAFileSystemIsPathAndReason() {
        assertDescribed("ro/x: permission denied", new AccessDeniedException("ro/x"));
        assertDescribed("ro/x: no such file or folder", new NoSuchFileException("ro/x"));
        assertDescribed("ro/x: is there already", new FileAlreadyExistsException("ro/x"));
        assertDescribed(
                "ro/x: read-only file system",
                new FileSystemException("ro/x", null, "Read-only file system"));
        assertDescribed(
                "ro/x: the disk is full",
                new FileSystemException("ro/x", null, "No space left on device"));
        assertDescribed(
                "ro/x: the file system refuses it", new FileSystemException("ro/x", null, null));
        assertDescribed("the disk is full", new IOException("Disk quota exceeded"));
    }

    @Test
    void theTargetIsNamedInsteadOfATemporaryName() {
        assertEquals(
                Optional.of("x: permission denied"),
                FileProblem.describe(Path.of("x"), new AccessDeniedException(".x-1.tmp")));
    }

    @Test
    void otherProblemsAreNoneOfAFileSystem() {
        assertEquals(Optional.empty(), FileProblem.describe(new IOException("stream closed")));
    }

    private static void assertDescribed(String line, IOException problem) {
        assertEquals(Optional.of(line), FileProblem.describe(problem));
    }
}
