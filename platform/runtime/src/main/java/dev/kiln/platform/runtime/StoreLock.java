package dev.kiln.platform.runtime;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Held while installed plugins are changed and, shared, while a start looks for them, which so sees
 * them as they are before a change or after.
 *
 * @param file empty where there is nothing to lock
 */
record StoreLock(Optional<FileChannel> file) implements AutoCloseable {

    /**
     * Waits for others, and keeps them out.
     *
     * @throws InvalidInput when the user's folder cannot be written to
     */
    static StoreLock exclusive(Installation installation) throws IOException {
        FileChannel file = create(installation);
        file.lock();
        return new StoreLock(Optional.of(file));
    }

    private static FileChannel create(Installation installation) {
        try {
            Files.createDirectories(installation.installed());
            return FileChannel.open(
                    path(installation),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new InvalidInput(
                    "the folder for plugins cannot be written to: " + installation.userData(), e);
        }
    }

    /** Waits for who changes something, if the user ever installed a plugin. */
    static StoreLock shared(Installation installation) {
        try {
            FileChannel file = FileChannel.open(path(installation), StandardOpenOption.READ);
            lockShared(file);
            return new StoreLock(Optional.of(file));
        } catch (IOException e) {
            // None was installed; or none can be read, which each will be refused for.
            return new StoreLock(Optional.empty());
        }
    }

    /** Locks a file for as long as it is open, beside others that do. */
    static void lockShared(FileChannel file) throws IOException {
        try {
            file.lock(0, Long.MAX_VALUE, true);
        } catch (OverlappingFileLockException e) {
            // This process holds it already.
        }
    }

    private static Path path(Installation installation) {
        return installation.userData().resolve(".lock");
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
