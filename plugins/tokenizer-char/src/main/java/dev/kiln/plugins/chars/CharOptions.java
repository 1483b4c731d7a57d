package dev.kiln.plugins.chars;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;

/** Options of {@code char}. */
public record CharOptions(
        @Doc("characters for the vocabulary next to those of the text") @Default("\"\"")
                String also) {}
