package dev.kiln.plugins.bpe;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text as UTF-8, with U+FFFD for an unpaired surrogate (Java's own choice is "?"). One thread. */
final class Utf8 {
    private final CharsetEncoder encoder =
            StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .replaceWith("\uFFFD".getBytes(StandardCharsets.UTF_8));

    /** The bytes of {@code text[from, to)}. */
    byte[] bytes(String text, int from, int to) {
        try {
            ByteBuffer bytes = encoder.encode(CharBuffer.wrap(text, from, to));
            return Arrays.copyOf(bytes.array(), bytes.limit());
        } catch (CharacterCodingException e) {
            throw new AssertionError("malformed input is replaced", e);
        }
    }
}
