package dev.kiln.plugins.sparse;

import dev.kiln.spi.InvalidInput;
import java.util.List;
import java.util.Locale;

/** Which of a factorized pattern's two sets of positions is visible. */
enum Part {
    BOTH,
    LOCAL,
    SUMMARY;

    /**
     * @throws InvalidInput for a word that {@code part} doesn't have
     */
    static Part of(String word) {
        for (Part part : values()) {
            if (part.name().toLowerCase(Locale.ROOT).equals(word)) {
                return part;
            }
        }
        throw new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "attention: expected part to be one of %s, got %s",
                        List.of("both", "local", "summary"),
                        word));
    }
}
