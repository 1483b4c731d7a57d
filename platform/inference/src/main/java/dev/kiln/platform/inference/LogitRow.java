package dev.kiln.platform.inference;

import dev.kiln.spi.InvalidInput;
import java.util.Locale;
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
     * What is wrong with a logit that is no number: a sampler would pass over it, and choose among the
     * others.
     *
     * @param length number of tokens that it follows
     */
    Optional<InvalidInput> problem(int length) {
        if (softmax.filter(known -> Double.isFinite(known.logSum())).isPresent()) {
            return Optional.empty();
        }
        for (int id = 0; id < vocabulary; id++) {
            // Of an id that is never to be chosen it may be negative infinity.
            if (!(logits[from + id] < Float.POSITIVE_INFINITY)) {
                return Optional.of(problem(length, id));
            }
        }
        return Optional.empty();
    }

    private InvalidInput problem(int length, int id) {
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "after %d tokens the model's logit of token %d is %s; expected a number",
                        length,
                        id,
                        logits[from + id]));
    }
}
