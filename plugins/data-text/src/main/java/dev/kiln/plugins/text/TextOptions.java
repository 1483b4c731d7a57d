package dev.kiln.plugins.text;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.data.Order;
import java.util.Optional;

/** Options of {@code text}. */
public record TextOptions(
        @Doc(
                        "file, folder, or pattern such as data/**.txt; each file is a document, UTF-8;"
                                + " .gz and .zst are read too")
                String path,
        @Doc(
                        "share that is held out: of one document its last characters, of several"
                                + " whole documents, chosen by their names; 0 trains on all, without"
                                + " a held-out loss")
                @Default("0.1")
                @Range(min = 0, max = 0.9)
                double heldOut,
        @Doc(
                        "file, folder or pattern of the documents to hold out, which are not trained"
                                + " on; leaving it out means a share of path's")
                Optional<String> heldOutPath,
        @Doc("order of the training windows") @Default("shuffled") Order order) {}
