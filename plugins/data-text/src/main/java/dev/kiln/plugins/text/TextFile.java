package dev.kiln.plugins.text;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The bytes of a text file, in memory.
 *
 * @param from where the text begins, behind a byte order mark
 */
record TextFile(Path path, byte[] bytes, int from) {
    /** The longest array that every JVM can make. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    /**
     * Reads a file, and unpacks it where it is compressed.
     *
     * @throws InvalidInput when it can't be read, or is longer than an array
     */
    static TextFile read(CorpusFile file) {
        try {
            byte[] bytes = Compression.of(file.path()).isPresent() ? unpacked(file) : plain(file);
            return new TextFile(file.path(), bytes, Utf8Text.markLength(bytes, bytes.length));
        } catch (IOException e) {
            throw CorpusFile.unreadable(file.path(), e);
        }
    }

    private static byte[] plain(CorpusFile file) throws IOException {
        if (file.size() > LARGEST) {
            throw tooLong(file);
        }
        return Files.readAllBytes(file.path());
    }

    private static byte[] unpacked(CorpusFile file) throws IOException {
        try (InputStream in = Compression.open(file.path())) {
            byte[] bytes = in.readNBytes(LARGEST);
            if (in.read() >= 0) {
                throw tooLong(file);
            }
            return bytes;
        }
    }

    private static InvalidInput tooLong(CorpusFile file) {
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s: a document has at most %,d bytes: split it into several files",
                        file.path(),
                        LARGEST));
    }

    String text() {
        return text(from, bytes.length);
    }

    /** The text of some bytes, counted from the beginning of the file. */
    String text(int start, int end) {
        return Utf8Text.decode(bytes, start, end, path.toString(), 0);
    }

    /** Number of characters (code points), if the file is UTF-8. */
    int characters() {
        int characters = 0;
        for (int at = from; at < bytes.length; at++) {
            characters += startsCharacter(bytes[at]) ? 1 : 0;
        }
        return characters;
    }

    /** Where the character with this index begins; the end of the file if there is none. */
    int startOf(int character) {
        int at = from;
        for (int seen = 0; at < bytes.length; at++) {
            if (startsCharacter(bytes[at]) && seen++ == character) {
                break;
            }
        }
        return at;
    }

    private static boolean startsCharacter(byte value) {
        return (value & 0xC0) != 0x80;
    }
}
