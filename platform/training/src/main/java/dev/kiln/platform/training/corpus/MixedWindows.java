package dev.kiln.platform.training.corpus;

import dev.kiln.spi.Randomness;
import java.util.List;

/**
 * The training sequences of all parts of a corpus in the order in which they are visited: a pure
 * function of seed and position. {@link Turns} says from which part a sequence comes; within its
 * part it is the next of the part's own {@link Windows}, with epochs of their own. Used by one
 * thread.
 */
public final class MixedWindows {
    private final Corpus corpus;
    private final int length;
    private final List<Windows> windows;
    private final Turns turns;

    /**
     * @param corpus each part has at least length + 1 tokens
     * @param length of a sequence; a window holds one token more, the last target
     */
    public MixedWindows(Corpus corpus, int length, long seed) {
        this.corpus = corpus;
        this.length = length;
        windows = corpus.parts().stream().map(part -> windows(part, length, seed)).toList();
        turns = new Turns(corpus.parts().stream().mapToDouble(Corpus.Part::share).toArray());
    }

    /** Parts of one size are shuffled differently; their order in the mixture doesn't matter. */
    private static Windows windows(Corpus.Part part, int length, long seed) {
        long own = part.name().isEmpty() ? seed : Randomness.key(seed, part.name());
        return new Windows(part.train(), length, part.order(), own);
    }

    /** Copies the window at a position, from 0 on without end: length + 1 tokens. */
    public void copy(long position, int[] out, int at) {
        int part = turns.at(position);
        windows.get(part).copy(turns.taken(part) - 1, out, at);
    }

    /** How many times a part was read when so many sequences of all parts were. */
    public double epochs(int part, long sequences) {
        if (sequences == 0) {
            return 0;
        }
        turns.at(sequences - 1);
        return (double) turns.taken(part) * length / corpus.parts().get(part).train().size();
    }
}
