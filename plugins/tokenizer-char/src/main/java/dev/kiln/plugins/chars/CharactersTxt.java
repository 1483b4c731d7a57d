package dev.kiln.plugins.chars;

import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The file of a vocabulary: its characters in the order of their ids, and nothing else, UTF-8. */
final class CharactersTxt {
    static final String NAME = "characters.txt";

    private CharactersTxt() {}

    /** The code points in a folder's file. */
    static int[] read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw new InvalidInput(file + ": no such file; expected a tokenizer's characters");
        }
        try {
            return ascending(file, Files.readString(file).codePoints().toArray());
        } catch (CharacterCodingException e) {
            throw new InvalidInput(file + ": not UTF-8", e);
        }
    }

    private static int[] ascending(Path file, int[] symbols) {
        if (symbols.length == 0) {
            throw new InvalidInput(file + ": empty; expected a tokenizer's characters");
        }
        for (int i = 1; i < symbols.length; i++) {
            if (symbols[i] <= symbols[i - 1]) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: expected each character once, in Unicode's order; character %d is %s",
                                file,
                                i + 1,
                                Symbols.named(symbols[i])));
            }
        }
        return symbols;
    }
}
