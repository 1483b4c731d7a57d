package dev.kiln.plugins.onednn;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;

/** The options of {@code onednn}. */
public record OneDnnOptions(
        @Doc("threads to compute with; 0 takes all cores") @Default("0") @Range(min = 0, max = 1024)
                int threads) {}
