package dev.kiln.plugins.bpe;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Reads a tokenizer's file: bounded, and nothing but UTF-8. */
final class TextFile {
    /** Ten times the largest that is in common use. */
    private static final long MOST_BYTES = 256L << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TextFile() {}

    /**
     * The text of a file, without a byte order mark at its beginning.
     *
     * @param holds what a missing file would hold, for the message
     * @throws InvalidInput when the file is missing, too large or not UTF-8; names the byte
     */
    static String read(Path file, String holds) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInput(file + ": no such file; expected a tokenizer's " + holds);
        }
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: %d bytes; expected at most %d",
                            file,
                            size,
                            MOST_BYTES));
        }
        byte[] bytes = Files.readAllBytes(file);
        int valid = Utf8.validLength(bytes);
        if (valid < bytes.length) {
            throw new InvalidInput(file + ": not UTF-8 from byte " + valid + " on");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }
}
