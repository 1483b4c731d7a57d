package dev.kiln.plugins.text;

import dev.kiln.spi.InvalidInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The lines of a UTF-8 file, compressed or not, with their numbers. Blank ones are skipped. Used by
 * one thread.
 */
final class Lines implements AutoCloseable {
    private static final int LONGEST = 1 << 28;

    private final Path file;
    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long number;
    private long start;
    private long end;
    private String text = "";

    /**
     * @throws InvalidInput when the file can't be read
     */
    Lines(Path file) {
        this.file = file;
        try {
            this.in = Compression.open(file);
        } catch (IOException e) {
            throw CorpusFile.unreadable(file, e);
        }
    }

    /**
     * Goes to the next line; false at the end of the file.
     *
     * @throws InvalidInput when it is not UTF-8, or of more than 256 MiB
     */
    boolean advance() {
        do {
            if (!nextLine()) {
                return false;
            }
            byte[] bytes = line.toByteArray();
            int from = number == 1 ? Utf8Text.markLength(bytes, bytes.length) : 0;
            text = Utf8Text.decode(bytes, from, bytes.length, where(), start);
        } while (text.isBlank());
        return true;
    }

    private boolean nextLine() {
        try {
            return readLine();
        } catch (IOException e) {
            throw CorpusFile.unreadable(file, e);
        }
    }

    private boolean readLine() throws IOException {
        line.reset();
        start = end;
        number++;
        int value = in.read();
        boolean any = value >= 0;
        for (; value >= 0 && value != '\n'; value = in.read()) {
            line.write(value);
            if (line.size() > LONGEST) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: a line of more than %,d bytes",
                                where(),
                                LONGEST));
            }
        }
        end += line.size() + 1;
        return any;
    }

    String text() {
        return text;
    }

    /** The place of the line, {@code file:number}, counted from 1. */
    String where() {
        return file + ":" + number;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
