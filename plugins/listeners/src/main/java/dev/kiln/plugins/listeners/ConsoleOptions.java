package dev.kiln.plugins.listeners;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.OneOf;
import dev.kiln.spi.Range;

/** Options of {@code console}. */
public record ConsoleOptions(
        @Doc("a bar, or lines for a log; auto shows a bar where the output is a terminal")
                @Default("auto")
                @OneOf({"auto", "bar", "lines"})
                String progress,
        @Doc("seconds between lines of progress") @Default("10") @Range(min = 0)
                double everySeconds,
        @Doc("a line of progress after every so many steps too; 0 for none")
                @Default("0")
                @Range(min = 0)
                long everySteps) {}
