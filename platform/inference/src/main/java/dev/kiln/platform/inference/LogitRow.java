package dev.kiln.platform.inference;

import dev.kiln.platform.models.InvalidScore;
import java.util.Optional;

/**
 * What a model says of the token behind a position. Valid until the next row is taken.
 *
 * @param logits of several rows; this one is [from, from + vocabulary)
 * @param ofTokens where those of ids that the tokenizer has are copied to, for a sampler
 * @param softmax where it was asked for
 */
record LogitRow(
        float[] logits, int from, int vocabulary, float[] ofTokens, Optional<Softmax> softmax) {

    /** The logits of ids that have a token; they may be overwritten. */
    @Override
    public float[] ofTokens() {
        System.arraycopy(logits, from, ofTokens, 0, ofTokens.length);
        return ofTokens;
    }

    /** In nats, over all that the model scores, the rows that only pad its vocabulary included. */
    double logProbability(int id) {
        return logits[from + id] - softmax.orElseThrow().logSum();
    }

    int likeliest() {
        return softmax.orElseThrow().likeliest();
    }

    /**
     * Checks that they are scores: a sampler would pass over one that is no number, and choose among
     * the others.
     *
     * @param length number of tokens that they follow
     * @throws InvalidScore that names one that is none
     */
    void require(int length) {
        if (softmax.filter(known -> Double.isFinite(known.logSum())).isEmpty()) {
            InvalidScore.requireLogits(logits, from, vocabulary, 0, length);
        }
    }
}
