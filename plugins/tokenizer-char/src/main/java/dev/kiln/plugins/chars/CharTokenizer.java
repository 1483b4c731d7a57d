package dev.kiln.plugins.chars;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * A token for each of a fixed set of Unicode code points, numbered in their order. Lossless;
 * nothing ends a text. Thread-safe.
 */
final class CharTokenizer implements Tokenizer {
    private final int[] symbols;
    private final byte[][] utf8;

    /** Ids by code point, up to the last symbol; -1 where there is none. */
    private final int[] idOf;

    /**
     * @param symbols code points other than surrogates, each once, in ascending order, at least one
     */
    CharTokenizer(int[] symbols) {
        this.symbols = symbols.clone();
        utf8 = new byte[symbols.length][];
        idOf = new int[symbols[symbols.length - 1] + 1];
        Arrays.fill(idOf, -1);
        for (int id = 0; id < symbols.length; id++) {
            idOf[symbols[id]] = id;
            utf8[id] = Character.toString(symbols[id]).getBytes(StandardCharsets.UTF_8);
        }
    }

    @Override
    public int vocabularySize() {
        return symbols.length;
    }

    @Override
    public int[] encode(String text) {
        int[] ids = new int[text.length()];
        int count = 0;
        for (int at = 0; at < text.length(); ) {
            int symbol = text.codePointAt(at);
            int id = symbol < idOf.length ? idOf[symbol] : -1;
            if (id < 0) {
                throw unknown(text, at);
            }
            ids[count++] = id;
            at += Character.charCount(symbol);
        }
        return Arrays.copyOf(ids, count);
    }

    private InvalidInput unknown(String text, int at) {
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "character %d of the text is %s, which is not among the %d characters of the"
                                + " training text; add it to the tokenizer's option 'also', or use"
                                + " the tokenizer 'bpe'",
                        text.codePointCount(0, at) + 1,
                        Symbols.named(text.codePointAt(at)),
                        symbols.length));
    }

    @Override
    public byte[] decodeBytes(int... ids) {
        int length = 0;
        for (int id : ids) {
            if (id < 0 || id >= symbols.length) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "expected token ids in [0, %d), got %d",
                                symbols.length,
                                id));
            }
            length = Math.addExact(length, utf8[id].length);
        }
        byte[] text = new byte[length];
        int at = 0;
        for (int id : ids) {
            System.arraycopy(utf8[id], 0, text, at, utf8[id].length);
            at += utf8[id].length;
        }
        return text;
    }

    @Override
    public boolean lossless() {
        return true;
    }

    @Override
    public OptionalInt endOfText() {
        return OptionalInt.empty();
    }

    @Override
    public void save(Path folder) throws IOException {
        Files.writeString(
                folder.resolve(CharactersTxt.NAME), new String(symbols, 0, symbols.length));
    }
}
