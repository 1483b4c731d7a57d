package dev.kiln.plugins.text;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.data.Order;
import java.util.Optional;

/** Options of {@code jsonl}. */
public record JsonlOptions(
        @Doc(
                        "file, folder, or pattern such as data/*.jsonl; each line is a JSON object; .gz and .zst are read too")
                String path,
        @Doc(
                        "field that holds a document's text; a.b is field b of the object in field a,"
                                + " unless a field is named a.b itself")
                @Default("text")
                String field,
        @Doc("lines whose field is null or not there: an error, or skipped and counted")
                @Default("error")
                Missing missing,
        @Doc(
                        "share of the documents that is held out, chosen by a hash of their texts, at"
                                + " least one; 0 trains on all, without a held-out loss")
                @Default("0.05")
                @Range(min = 0, max = 0.9)
                double heldOut,
        @Doc(
                        "file, folder or pattern of the documents to hold out, which are not trained"
                                + " on; leaving it out means a share of path's")
                Optional<String> heldOutPath,
        @Doc("order of the training windows") @Default("shuffled") Order order) {}
