package dev.kiln.plugins.text;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** JSONL files as documents, line by line: one line is in memory at a time. Thread-safe. */
final class LineFiles {
    private final List<CorpusFile> files;
    private final TextField field;
    private final AtomicLong skipped = new AtomicLong();

    LineFiles(List<CorpusFile> files, TextField field) {
        this.files = files;
        this.field = field;
    }

    /** All documents in the files' order; the caller closes the stream. */
    Stream<String> documents() {
        LineDocuments documents = new LineDocuments(files, field, skipped::set);
        int ordered = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(documents, ordered), false)
                .onClose(documents::close);
    }

    /** What messages call them. */
    String name() {
        return files.getFirst().path() + (files.size() > 1 ? " and other files" : "");
    }

    /** How many lines had no text, once they were read to their end. */
    Optional<String> notice() {
        long count = skipped.get();
        return count == 0
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                Locale.ROOT,
                                "%s: skipped %,d documents without text in \"%s\"",
                                name(),
                                count,
                                field.name()));
    }
}
