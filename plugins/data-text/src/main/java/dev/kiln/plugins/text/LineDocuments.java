package dev.kiln.plugins.text;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Split;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** One pass over the documents of a split. Used by one thread. */
final class LineDocuments implements Iterator<String>, AutoCloseable {
    private final Deque<CorpusFile> waiting;
    private final TextField field;
    private final HeldOut heldOut;
    private final Split split;
    private final String corpus;
    private Optional<Lines> open = Optional.empty();
    private Optional<String> next = Optional.empty();
    private boolean any;

    LineDocuments(List<CorpusFile> files, TextField field, HeldOut heldOut, Split split) {
        this.waiting = new ArrayDeque<>(files);
        this.field = field;
        this.heldOut = heldOut;
        this.split = split;
        this.corpus = files.getFirst().path() + (files.size() > 1 ? " and other files" : "");
    }

    @Override
    public boolean hasNext() {
        try {
            while (next.isEmpty() && openLines()) {
                next = field.of(open.get()).filter(text -> heldOut.split(text) == split);
            }
        } catch (IOException e) {
            throw new InvalidInput(corpus + ": cannot be read: " + e, e);
        }
        any |= next.isPresent();
        if (!any && split == Split.TRAIN) {
            throw new InvalidInput(corpus + ": no document to train on");
        }
        return next.isPresent();
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
    private boolean openLines() throws IOException {
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
