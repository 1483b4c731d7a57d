package dev.kiln.plugins.sparse;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;

/** Options of {@code banded}. */
public record BandedOptions(
        @Doc("how many keys a query sees: itself and the ones right before it")
                @Default("256")
                @Range(min = 1)
                int window) {}
