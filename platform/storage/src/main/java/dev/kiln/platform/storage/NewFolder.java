package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder that is there whole or not at all: it is filled under another name beside its own, synced
 * and then renamed. Meanwhile an empty folder with a {@link FolderLock} has its name, so that no other
 * run writes it.
 */
public final class NewFolder {
    private NewFolder() {}

    /** Fills a folder. */
    @FunctionalInterface
    public interface Body {
        void writeTo(Path folder) throws IOException;
    }

    /**
     * @throws InvalidInput when there is something at a path, other than an empty folder or a link to
     *     one
     */
    public static void checkFree(Path target) throws IOException {
        Path folder = Destination.folder(target);
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new InvalidInput(target + ": is a file, expected a new folder");
        }
        if (!FolderLock.isEmpty(folder)) {
            throw new InvalidInput(target + ": exists and is not empty; name a new folder");
        }
    }

    /**
     * Makes a folder, and the folders above it. Whatever goes wrong, nothing of it is left. Where a
     * link leads to an empty folder, that one is filled.
     *
     * @throws InvalidInput when it is not {@linkplain #checkFree free}, another run writes it, the disk
     *     is full, or nothing can be written there
     */
    public static void write(Path target, Body body) throws IOException {
        checkFree(target);
        try (FolderLock lock = FolderLock.acquire(Destination.folder(target))) {
            checkFree(target);
            write(target, lock, body);
        }
    }

    private static void write(Path target, FolderLock lock, Body body) throws IOException {
        Path temporary = temporary(target);
        Path filled = temporary.resolve("new");
        try {
            Files.createDirectory(filled);
            body.writeTo(filled);
            sync(filled);
            lock.replaceBy(filled);
        } catch (IOException e) {
            if (FileProblem.isFull(e)) {
                throw new InvalidInput(target + ": the disk is full; nothing was written", e);
            }
            throw e;
        } catch (InvalidInput e) {
            throw named(target, filled, e);
        } finally {
            Disk.delete(temporary);
        }
    }

    /** What was wrong was wrong below the name that the user gave. */
    private static InvalidInput named(Path target, Path filled, InvalidInput problem) {
        String message = String.valueOf(problem.getMessage());
        return message.contains(filled.toString())
                ? new InvalidInput(message.replace(filled.toString(), target.toString()), problem)
                : problem;
    }

    /** Its name can't be known beforehand, and only this user may look into it. */
    private static Path temporary(Path target) throws IOException {
        Path folder = Destination.folder(target).toAbsolutePath();
        Path parent = Optional.ofNullable(folder.getParent()).orElse(folder);
        try {
            return Files.createTempDirectory(parent, "." + folder.getFileName() + "-");
        } catch (IOException e) {
            // The name that was not made means nothing to the user.
            throw new InvalidInput(
                    FileProblem.describe(target, e).orElse(target + ": cannot be made: " + e), e);
        }
    }

    private static void sync(Path folder) throws IOException {
        for (Path entry : list(folder)) {
            if (Files.isDirectory(entry)) {
                sync(entry);
            } else {
                Disk.syncFile(entry);
            }
        }
        Disk.syncFolder(folder);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}
