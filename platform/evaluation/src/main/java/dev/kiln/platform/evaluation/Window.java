package dev.kiln.platform.evaluation;

import java.util.Arrays;
import java.util.Comparator;

/** A request as the model reads it, and what has come of it so far. Used by one thread. */
final class Window {
    /** Windows with the same context follow one another, and those with much in common are near. */
    static final Comparator<Window> BY_PREFIX =
            Comparator.comparing((Window window) -> window.context(), Arrays::compare)
                    .thenComparing(window -> window.ids, Arrays::compare);

    /** The request's place among all. */
    final int index;

    /** Context and continuation without its last token. */
    final int[] ids;

    /** Where the context ends: the position that predicts the continuation's first token. */
    final int from;

    private final int[] targets;
    private double sum;
    private boolean greedy = true;
    private int rated;

    /**
     * @param length most tokens that the model reads: the context loses its beginning
     */
    Window(int index, LikelihoodRequest request, int length) {
        this.index = index;
        targets = request.continuation();
        int kept = Math.min(request.context().length, length + 1 - targets.length);
        ids = new int[kept + targets.length - 1];
        System.arraycopy(request.context(), request.context().length - kept, ids, 0, kept);
        System.arraycopy(targets, 0, ids, kept, targets.length - 1);
        from = kept - 1;
    }

    private int[] context() {
        return Arrays.copyOf(ids, from + 1);
    }

    boolean hasContextOf(Window other) {
        return from == other.from && Arrays.equals(ids, 0, from + 1, other.ids, 0, from + 1);
    }

    /** Number of tokens at the beginning that are the same. */
    int shared(int[] others) {
        int mismatch = Arrays.mismatch(ids, others);
        return mismatch < 0 ? ids.length : mismatch;
    }

    int target(int place) {
        return targets[place];
    }

    void rate(double logProbability, boolean likeliest) {
        sum += logProbability;
        greedy &= likeliest;
        rated++;
    }

    boolean complete() {
        return rated == targets.length;
    }

    Likelihood likelihood() {
        return new Likelihood(sum, rated, greedy);
    }
}
