package dev.kiln.plugins.bpe;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;

/** Options of {@code bpe}. */
public record BpeOptions(
        @Doc("number of tokens: 256 bytes, what is learned, and the end of text")
                @Default("4096")
                @Range(min = 257, max = 1_000_000)
                int vocabulary,
        @Doc("how often a pair must occur in the training text to become a token")
                @Default("2")
                @Range(min = 1)
                int minimumFrequency) {}
