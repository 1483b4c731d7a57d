package dev.kiln.plugins.sparse;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.OneOf;
import dev.kiln.spi.Range;

/** Options of {@code strided}. */
public record StridedOptions(
        @Doc("how many positions are near, and the distance between the far ones")
                @Default("128")
                @Range(min = 1)
                int stride,
        @Doc("what is visible: the near positions (local), the far ones (summary), or both")
                @Default("both")
                @OneOf({"both", "local", "summary"})
                String part) {}
