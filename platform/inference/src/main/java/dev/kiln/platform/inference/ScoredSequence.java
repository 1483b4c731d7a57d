package dev.kiln.platform.inference;

import dev.kiln.platform.models.InvalidScore;
import java.util.Arrays;
import java.util.List;

/**
 * A context and its continuations, which go through the slot one after the other: the context stays,
 * and its last position predicts the first token of all of them.
 */
final class ScoredSequence extends Sequence {
    private final int[] context;
    private final List<int[]> continuations;
    private final ScoringListener listener;
    private final Sum[] sums;
    private int at;
    private Tokens tokens;

    /** What is known of a continuation so far. */
    private static final class Sum {
        private double logProbability;
        private boolean greedy = true;
        private int count;
    }

    ScoredSequence(ScoringRequest request, ScoringListener listener) {
        this.context = request.context();
        this.continuations = request.continuations();
        this.listener = listener;
        this.sums = new Sum[continuations.size()];
        Arrays.setAll(sums, i -> new Sum());
        this.tokens = read();
    }

    /** What is read of the continuation at hand: all but its last token. */
    private Tokens read() {
        int[] targets = continuations.get(at);
        int[] ids = Arrays.copyOf(context, context.length + targets.length - 1);
        System.arraycopy(targets, 0, ids, context.length, targets.length - 1);
        return new Tokens(ids);
    }

    @Override
    Tokens tokens() {
        return tokens;
    }

    @Override
    int askedFrom() {
        return context.length - 1;
    }

    @Override
    boolean needsSoftmax() {
        return true;
    }

    @Override
    boolean ended() {
        return at == continuations.size();
    }

    @Override
    void fail(InvalidScore problem) {
        listener.failed(at, problem);
    }

    @Override
    void take(int position, LogitRow row) {
        int place = position - askedFrom();
        if (place > 0) {
            add(at, place, row);
        } else {
            for (int i = 0; i < sums.length; i++) {
                add(i, place, row);
            }
        }
        if (position == tokens.positions() - 1) {
            next();
        }
    }

    private void add(int continuation, int place, LogitRow row) {
        Sum sum = sums[continuation];
        int[] targets = continuations.get(continuation);
        sum.logProbability += row.logProbability(targets[place]);
        sum.greedy &= row.likeliest() == targets[place];
        if (++sum.count == targets.length) {
            listener.scored(
                    continuation, new Likelihood(sum.logProbability, sum.count, sum.greedy));
        }
    }

    /** Goes back to the context's end, for the next continuation that has more than one token. */
    private void next() {
        do {
            at++;
        } while (!ended() && continuations.get(at).length == 1);
        if (!ended()) {
            tokens = read();
            setCached(context.length);
        }
    }
}
