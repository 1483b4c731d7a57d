package dev.kiln.plugins.sparse;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.OneOf;
import dev.kiln.spi.Range;

/** Options of {@code fixed}; the defaults are among those of the paper. */
public record FixedOptions(
        @Doc("positions in a block") @Default("128") @Range(min = 1) int stride,
        @Doc("how many positions at a block's end all later positions see, at most stride")
                @Default("8")
                @Range(min = 1)
                int summary,
        @Doc("what is visible: the own block (local), the blocks' ends (summary), or both")
                @Default("both")
                @OneOf({"both", "local", "summary"})
                String part) {}
