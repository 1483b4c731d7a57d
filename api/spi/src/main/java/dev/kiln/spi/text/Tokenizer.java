package dev.kiln.spi.text;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Stable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Text to token ids and back. Immutable and thread-safe. */
@Stable
public interface Tokenizer {

    /** Number of ids; every id is in [0, size). */
    int vocabularySize();

    /**
     * The ids of a text. Text that looks like a special token is encoded as plain text.
     *
     * @throws InvalidInput when the text has a symbol that the vocabulary lacks
     */
    int[] encode(String text);

    /**
     * The ids of a text given as UTF-8. A tokenizer that works on bytes takes any bytes.
     *
     * @throws InvalidInput when the bytes are not UTF-8, or as {@link #encode}
     */
    default int[] encodeBytes(byte[] text) {
        ByteBuffer bytes = ByteBuffer.wrap(text);
        try {
            return encode(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException e) {
            throw new InvalidInput(
                    "the text is not UTF-8 from byte " + bytes.position() + " on", e);
        }
    }

    /**
     * The bytes (UTF-8) that ids stand for; a single id may be part of a character. Special tokens
     * stand for nothing.
     *
     * @throws InvalidInput when an id is out of range
     */
    byte[] decodeBytes(int... ids);

    /** The text that ids stand for; bytes that are not UTF-8 become U+FFFD. */
    default String decode(int... ids) {
        return new String(decodeBytes(ids), StandardCharsets.UTF_8);
    }

    /** Whether decode(encode(text)) is the text, for every text that encode takes. */
    boolean lossless();

    /**
     * This tokenizer with special tokens spelled out, as a user asks for who writes them in a prompt:
     * {@code encode} takes what spells a special token as that token, and {@code decodeBytes} gives
     * that spelling. All else is as without, so that ids and vocabulary are the same. Itself where
     * special tokens have no spelling.
     *
     * <pre>{@code
     * gpt2.encode("a<|endoftext|>");                      // 64, 27, 91, 437, 1659, 5239, 91, 29
     * gpt2.withSpecialTokens().encode("a<|endoftext|>");  // 64, 50256
     * }</pre>
     */
    default Tokenizer withSpecialTokens() {
        return this;
    }

    /**
     * The ids of a whole text as a model is asked with it: with the tokens before and after them that
     * the tokenizer's files ask for, such as one that begins a text. By default none are added.
     *
     * <pre>{@code
     * int[] prompt = tokenizer.asPrompt(tokenizer.encode(text));
     * }</pre>
     *
     * @param ids what {@link #encode} gives for the text
     */
    default int[] asPrompt(int... ids) {
        return ids;
    }

    /** The token that a text begins with where nothing is before it; by default the one that ends. */
    default OptionalInt beginningOfText() {
        return endOfText();
    }

    /** The token that ends a document, if there is one. */
    OptionalInt endOfText();

    /** Writes what {@link TokenizerFactory#load} needs into an existing, empty folder. */
    void save(Path folder) throws IOException;
}
