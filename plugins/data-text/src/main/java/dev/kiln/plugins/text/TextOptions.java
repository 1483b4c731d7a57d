package dev.kiln.plugins.text;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.data.Order;

/** Options of {@code text}. */
public record TextOptions(
        @Doc("a file, a folder, or a pattern such as data/**.txt; each file is a document, UTF-8")
                String path,
        @Doc(
                        "share that is held out: of one document its last characters, of several"
                                + " whole documents, chosen by their names")
                @Default("0.1")
                @Range(min = 0, max = 0.9)
                double heldOut,
        @Doc("order of the training windows") @Default("shuffled") Order order) {}
