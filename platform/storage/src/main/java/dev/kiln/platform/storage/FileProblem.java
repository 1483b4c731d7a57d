package dev.kiln.platform.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a file system refuses, as a line for the user, who can do something about it: missing folders,
 * permissions, read-only and full disks. Thread-safe.
 */
public final class FileProblem {
    /** What Linux, a quota and Windows say when there is no room. */
    private static final List<String> FULL =
            List.of("no space left on device", "disk quota exceeded", "not enough space");

    private FileProblem() {}

    /** Path and reason; empty when it was no file system that refused. */
    public static Optional<String> describe(IOException problem) {
        return reason(problem)
                .map(
                        reason ->
                                problem instanceof FileSystemException named
                                                && named.getFile() != null
                                        ? named.getFile() + ": " + reason
                                        : reason);
    }

    /** As {@link #describe(IOException)}, of a path other than the problem's own. */
    public static Optional<String> describe(Path path, IOException problem) {
        return reason(problem).map(reason -> path + ": " + reason);
    }

    private static Optional<String> reason(IOException problem) {
        if (isFull(problem)) {
            return Optional.of("the disk is full");
        }
        return switch (problem) {
            case AccessDeniedException _ -> Optional.of("permission denied");
            case NoSuchFileException _ -> Optional.of("no such file or folder");
            case FileAlreadyExistsException _ -> Optional.of("is there already");
            case NotDirectoryException _ -> Optional.of("is no folder");
            case DirectoryNotEmptyException _ -> Optional.of("is a folder that is not empty");
            case FileSystemLoopException _ -> Optional.of("its links lead in a circle");
            case FileSystemException other -> Optional.of(systemsOwn(other.getReason()));
            default -> Optional.empty();
        };
    }

    /** For example {@code read-only file system}. */
    private static String systemsOwn(@Nullable String reason) {
        return reason == null || reason.isBlank()
                ? "the file system refuses it"
                : reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
    }

    static boolean isFull(IOException problem) {
        String message = String.valueOf(problem.getMessage()).toLowerCase(Locale.ROOT);
        return FULL.stream().anyMatch(message::contains);
    }
}
