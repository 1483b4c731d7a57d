package dev.kiln.kernels;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Dropout;

/**
 * Dropout of one head's attention weights: element (query i, key j) is counter i · keys + j under
 * the head's own key.
 */
record HeadDropout(boolean active, Dropping dropping) {
    static final HeadDropout NONE = new HeadDropout(false, new Dropping(0, 0, 1));

    static HeadDropout of(Dropout dropout, long sequenceAndHead) {
        return dropout.active()
                ? new HeadDropout(
                        true, Dropping.of(dropout, Randomness.key(dropout.key(), sequenceAndHead)))
                : NONE;
    }

    /** Applied to all spans of a row of scores. */
    void apply(AttentionPlan plan, int row, long scores) {
        for (int span = plan.firstSpan(row); span < plan.firstSpan(row + 1); span++) {
            int from = plan.from(span);
            long at = scores + 4L * from;
            int counter = row * plan.keys() + plan.shift(span) + from;
            dropping.apply(at, at, plan.to(span) - from, counter);
        }
    }
}
