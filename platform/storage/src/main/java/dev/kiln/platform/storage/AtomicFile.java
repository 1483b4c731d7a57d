package dev.kiln.platform.storage;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Files that are written whole or not at all: whoever reads one, also after a kill in the
 * middle of the writing, finds the old contents or the new ones. An interrupt stops no writing, and
 * is left for the caller to see. Two threads must not write one file at a time.
 *
 * <p>A link to a file stays a link: what it leads to is replaced. Devices and pipes are written to.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Writes text as UTF-8 and makes it durable.
     *
     * @throws InvalidInput when the disk is full, nothing can be written there, or a folder or a link
     *     to nothing is there; the old contents are kept
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
        try {
            switch (Destination.of(file)) {
                case Destination.Replaced(Path real) ->
                        Uninterrupted.write(() -> replace(real, body, opener));
                case Destination.Device(Path device) -> send(device, body);
            }
        } catch (IOException e) {
            if (FileProblem.isFull(e)) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: the disk is full: %s are needed; the file is as it was before",
                                file,
                                Disk.size(size)),
                        e);
            }
            Optional<String> problem = FileProblem.describe(file, e);
            if (problem.isPresent()) {
                throw new InvalidInput(problem.get(), e);
            }
            throw e;
        }
    }

    /** What was before can't be kept, and nothing is said of it. */
    private static void send(Path device, Body body) throws IOException {
        try {
            put(device, body, Disk::openDevice);
        } catch (IOException e) {
            throw new InvalidInput(FileProblem.describe(device, e).orElseThrow(() -> e), e);
        }
    }

    private static void replace(Path file, Body body, Disk.Opener opener) throws IOException {
        TemporaryFiles names = TemporaryFiles.of(file);
        names.deleteLeftovers();
        Path temporary = names.next();
        try {
            put(temporary, body, opener);
            Disk.syncFile(temporary);
            Disk.rename(temporary, file);
        } catch (IOException | RuntimeException e) {
            Disk.delete(temporary);
            throw e;
        }
    }

    private static void put(Path file, Body body, Disk.Opener opener) throws IOException {
        try (WritableByteChannel out = opener.create(file)) {
            body.writeTo(out);
        }
    }
}
