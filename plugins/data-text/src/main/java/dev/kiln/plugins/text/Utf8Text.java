package dev.kiln.plugins.text;

import dev.kiln.spi.InvalidInput;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Strict UTF-8. */
final class Utf8Text {
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8Text() {}

    /**
     * The text of {@code bytes[from, to)}.
     *
     * @param where the file, and the line if there is one, for the message
     * @param offset of {@code bytes[0]} in the file
     * @throws InvalidInput when they are not UTF-8; says at which byte of the file, counted from 0
     */
    static String decode(byte[] bytes, int from, int to, String where, long offset) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            // Either the file holds U+FFFD, or it is what Java made of a malformed byte.
            requireValid(ByteBuffer.wrap(bytes, from, to - from), where, offset);
        }
        return text;
    }

    private static void requireValid(ByteBuffer bytes, String where, long offset) {
        CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(8192);
        CoderResult result = CoderResult.OVERFLOW;
        while (result.isOverflow()) {
            result = strict.decode(bytes, chars.clear(), true);
        }
        if (result.isError()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: expected UTF-8; byte %d of the file (0x%02X) is not",
                            where,
                            offset + bytes.position(),
                            bytes.get(bytes.position())));
        }
    }

    /** 3 when UTF-8's byte order mark is at the beginning, which is no part of the text, else 0. */
    static int markLength(byte[] bytes, int length) {
        boolean marked =
                length >= 3
                        && bytes[0] == (byte) 0xEF
                        && bytes[1] == (byte) 0xBB
                        && bytes[2] == (byte) 0xBF;
        return marked ? 3 : 0;
    }
}
