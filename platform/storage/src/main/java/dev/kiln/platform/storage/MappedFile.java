package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Optional;

/**
 * A file's bytes, mapped and read-only. A file that another process cuts off meanwhile reads as zeros
 * near its new end, and behind it Java throws an {@link InternalError} without a name; so closing says
 * that it was cut. One that was replaced by another of its name is still what it was. Thread-safe.
 *
 * @param key what the file system knows the file by, where it does
 */
record MappedFile(Path path, Arena arena, MemorySegment bytes, Optional<Object> key)
        implements AutoCloseable {

    /**
     * @throws InvalidInput when there is no such file
     * @throws UncheckedIOException when it can't be read
     */
    static MappedFile open(Path path) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new MappedFile(path, arena, bytes, key(path));
        } catch (NoSuchFileException e) {
            arena.close();
            throw new InvalidInput(path + ": no such file", e);
        } catch (IOException e) {
            arena.close();
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Object> key(Path path) throws IOException {
        return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    }

    /**
     * Unmaps the file. Closing again does nothing.
     *
     * @throws InvalidInput when the file was cut off meanwhile
     */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            checkWhole();
        }
    }

    private void checkWhole() {
        long now;
        try {
            now = key(path).equals(key) ? Files.size(path) : bytes.byteSize();
        } catch (IOException e) {
            return; // It was deleted, which changes nothing for who has it mapped.
        }
        if (now < bytes.byteSize()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: was cut from %d to %d bytes while it was read",
                            path,
                            bytes.byteSize(),
                            now));
        }
    }
}
