package dev.kiln.plugins.text;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.data.Order;

/** Options of {@code jsonl}. */
public record JsonlOptions(
        @Doc("a file, a folder, or a pattern such as data/*.jsonl; each line is a JSON object")
                String path,
        @Doc("the field that holds a document's text") @Default("text") String field,
        @Doc("share of the documents that is held out, chosen by a hash of their texts")
                @Default("0.05")
                @Range(min = 0, max = 0.9)
                double heldOut,
        @Doc("order of the training windows") @Default("shuffled") Order order) {}
