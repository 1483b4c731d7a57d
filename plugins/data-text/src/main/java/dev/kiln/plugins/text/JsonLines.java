package dev.kiln.plugins.text;

import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The documents of JSONL files, line by line: one line is in memory at a time. Immutable. */
record JsonLines(List<CorpusFile> files, TextField field, HeldOut heldOut, Order order)
        implements TextSource {

    @Override
    public Stream<String> documents(Split split) {
        LineDocuments documents = new LineDocuments(files, field, heldOut, split);
        int ordered = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(documents, ordered), false)
                .onClose(documents::close);
    }
}
