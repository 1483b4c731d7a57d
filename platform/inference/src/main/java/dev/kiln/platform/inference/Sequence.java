package dev.kiln.platform.inference;

import dev.kiln.platform.inference.Decoder.Submission;
import dev.kiln.platform.models.InvalidScore;

/**
 * A request on its way through a {@link Decoder}: its tokens, how many of them the cache has seen,
 * and what the logits behind them are for.
 */
abstract sealed class Sequence implements Submission permits GeneratedSequence, ScoredSequence {
    private volatile boolean cancelled;
    private int cached;

    /** Those that are known by now. */
    abstract Tokens tokens();

    /** The first position whose logits are asked for; all after it are asked for too. */
    abstract int askedFrom();

    /** Whether {@link #take} needs the sum over the vocabulary. */
    abstract boolean needsSoftmax();

    /** Takes the logits of a position, in the order of positions. */
    abstract void take(int position, LogitRow row);

    /** Nothing more will be asked. */
    abstract boolean ended();

    abstract void fail(InvalidScore problem);

    @Override
    public final void cancel() {
        cancelled = true;
    }

    final boolean cancelled() {
        return cancelled;
    }

    /** Positions that the cache has seen. */
    final int cached() {
        return cached;
    }

    /** Sets how many positions the cache has seen: more, or fewer to read again. */
    final void setCached(int positions) {
        cached = positions;
    }

    /** Tokens that the cache has not seen: at least 1 while it has not ended. */
    final int pending() {
        return tokens().positions() - cached;
    }

    /** How many positions at the beginning the cache has seen of this one and another needs too. */
    final int cachedOf(Sequence other) {
        return Math.min(Math.min(cached, other.askedFrom()), tokens().shared(other.tokens()));
    }
}
