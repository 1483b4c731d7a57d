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
     * @throws InvalidInput when there is something at a path, other than an empty folder
     */
    public static void checkFree(Path target) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        if (!Files.isDirectory(target)) {
            throw new InvalidInput(target + ": is a file, expected a new folder");
        }
        if (!FolderLock.isEmpty(target)) {
            throw new InvalidInput(target + ": exists and is not empty; name a new folder");
        }
    }

    /**
     * Makes a folder, and the folders above it. Whatever goes wrong, nothing of it is left.
     *
     * @throws InvalidInput when it is not {@linkplain #checkFree free}, another run writes it, or the
     *     disk is full
     */
    public static void write(Path target, Body body) throws IOException {
        checkFree(target);
        try (FolderLock lock = FolderLock.acquire(target)) {
            checkFree(target);
            write(target, lock, body);
        }
    }

    private static void write(Path target, FolderLock lock, Body body) throws IOException {
        Path parent = Optional.ofNullable(target.toAbsolutePath().getParent()).orElse(target);
        Path temporary = Files.createTempDirectory(parent, "." + target.getFileName() + "-");
        try {
            Path filled = Files.createDirectory(temporary.resolve("new"));
            body.writeTo(filled);
            sync(filled);
            lock.replaceBy(filled);
        } catch (IOException e) {
            if (Disk.isFull(e)) {
                throw new InvalidInput(target + ": the disk is full; nothing was written", e);
            }
            throw e;
        } finally {
            Disk.delete(temporary);
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
