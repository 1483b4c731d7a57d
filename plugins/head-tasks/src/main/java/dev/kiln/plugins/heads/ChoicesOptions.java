package dev.kiln.plugins.heads;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;

/** Options of {@code multiple-choice}. */
public record ChoicesOptions(
        @Doc("how many choices each example has") @Range(min = 2) int choices,
        @Doc("dropout of the states that are read, while training")
                @Default("0.1")
                @Range(min = 0, max = 0.99)
                double dropout) {}
