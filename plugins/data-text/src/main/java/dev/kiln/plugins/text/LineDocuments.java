package dev.kiln.plugins.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.LongConsumer;

/** One pass over the documents of JSONL files; empty ones are none. Used by one thread. */
final class LineDocuments implements Iterator<String>, AutoCloseable {
    private final Deque<CorpusFile> waiting;
    private final TextField field;
    private final LongConsumer end;
    private Optional<Lines> open = Optional.empty();
    private Optional<String> next = Optional.empty();
    private long skipped;

    /**
     * @param end told at the end how many lines had no text
     */
    LineDocuments(List<CorpusFile> files, TextField field, LongConsumer end) {
        this.waiting = new ArrayDeque<>(files);
        this.field = field;
        this.end = end;
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty()) {
            if (!openLines()) {
                end.accept(skipped);
                return false;
            }
            Optional<String> text = field.of(open.get());
            skipped += text.isEmpty() ? 1 : 0;
            next = text.filter(some -> !some.isEmpty());
        }
        return true;
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        String text = next.orElseThrow();
        next = Optional.empty();
        return text;
    }

    /** Moves to the next line that is not blank; false at the end of the last file. */
    private boolean openLines() {
        while (open.isEmpty() || !open.get().advance()) {
            close();
            if (waiting.isEmpty()) {
                return false;
            }
            open = Optional.of(new Lines(waiting.removeFirst().path()));
        }
        return true;
    }

    @Override
    public void close() {
        open.ifPresent(Lines::close);
        open = Optional.empty();
    }
}
