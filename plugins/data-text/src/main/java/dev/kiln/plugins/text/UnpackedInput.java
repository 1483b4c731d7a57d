package dev.kiln.plugins.text;

import dev.kiln.spi.InvalidInput;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a compressed file unpacks to. It may be so many times the file's size, so that a small file
 * can't fill the memory; text has ratios of 3 to 50. Used by one thread.
 */
final class UnpackedInput extends FilterInputStream {
    private static final int MOST_RATIO = 250;
    private static final long ALWAYS = 64L << 20;

    private final Path file;
    private final long most;
    private long unpacked;

    UnpackedInput(Path file, InputStream in) throws IOException {
        super(in);
        this.file = file;
        this.most = Math.max(ALWAYS, MOST_RATIO * Files.size(file));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /**
     * @throws InvalidInput when the file is broken, or unpacks to more than any text would
     */
    @Override
    public int read(byte[] bytes, int offset, int length) {
        int count = unpack(bytes, offset, length);
        unpacked += Math.max(0, count);
        if (unpacked > most) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: unpacks to more than %d times its size, which no text does",
                            file,
                            MOST_RATIO));
        }
        return count;
    }

    /** Unpackers say in many ways that something is wrong with a file. */
    private int unpack(byte[] bytes, int offset, int length) {
        try {
            return in.read(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: can't be unpacked after %,d bytes of text: %s",
                            file,
                            unpacked,
                            e.getMessage()),
                    e);
        }
    }
}
