package dev.kiln.plugins.heads;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;

/** Options of the heads whose classes are the task's. */
public record ClassesOptions(
        @Doc("how many labels the task has") @Range(min = 2) int classes,
        @Doc("dropout of the state that is read, while training")
                @Default("0.1")
                @Range(min = 0, max = 0.99)
                double dropout) {}
