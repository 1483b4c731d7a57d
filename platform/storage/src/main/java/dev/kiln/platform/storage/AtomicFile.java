package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Files that are written whole or not at all: whoever reads one, also after a kill in the
 * middle of the writing, finds the old contents or the new ones. An interrupt stops no writing, and
 * is left for the caller to see. Two threads must not write one file at a time.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Writes text as UTF-8 and makes it durable.
     *
     * @throws InvalidInput when the disk is full; the old contents are kept
     */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #write(Path, String)}. */
    public static void write(Path file, byte[] contents) throws IOException {
        write(file, contents, Disk::create);
    }

    static void write(Path file, byte[] contents, Disk.Opener opener) throws IOException {
        Body body = out -> Disk.drain(ByteBuffer.wrap(contents), out);
        write(file, body, contents.length, opener);
    }

    /** What a file consists of; may be asked for it again. */
    @FunctionalInterface
    interface Body {
        void writeTo(WritableByteChannel out) throws IOException;
    }

    /**
     * Writes what a body writes.
     *
     * @param size of the file in bytes, for the message about a full disk
     */
    static void write(Path file, Body body, long size, Disk.Opener opener) throws IOException {
        Uninterrupted.write(() -> replace(file, body, size, opener));
    }

    private static void replace(Path file, Body body, long size, Disk.Opener opener)
            throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            put(temporary, body, opener);
            Disk.rename(temporary, file);
        } catch (IOException | RuntimeException e) {
            Disk.delete(temporary);
            if (e instanceof IOException problem && Disk.isFull(problem)) {
                throw new InvalidInput(
                        "%s: the disk is full: %s are needed; the file is as it was before"
                                .formatted(file, Disk.size(size)),
                        e);
            }
            throw e;
        }
    }

    private static void put(Path file, Body body, Disk.Opener opener) throws IOException {
        try (WritableByteChannel out = opener.create(file)) {
            body.writeTo(out);
        }
        Disk.syncFile(file);
    }
}
