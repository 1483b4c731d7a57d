package dev.kiln.kernels;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Dropout;

/**
 * Dropout of one head's attention weights: element (query i, key j) is counter i · keys + j under the
 * head's own key.
 */
record HeadDropout(boolean active, long key, int threshold, float scale) {
    static final HeadDropout NONE = new HeadDropout(false, 0, 0, 1);

    static HeadDropout of(Dropout dropout, long sequenceAndHead) {
        return dropout.active()
                ? new HeadDropout(
                        true,
                        Randomness.key(dropout.key(), sequenceAndHead),
                        Randomness.dropThreshold(dropout.rate()),
                        (float) (1 / (1 - dropout.rate())))
                : NONE;
    }

    /** Applied to all spans of a row of scores. */
    void apply(AttentionPlan plan, int row, long scores) {
        for (int span = plan.firstSpan(row); span < plan.firstSpan(row + 1); span++) {
            int counter = row * plan.keys() + plan.shift(span);
            ScoreRows.dropout(
                    scores, plan.from(span), plan.to(span), counter, key, threshold, scale);
        }
    }
}
