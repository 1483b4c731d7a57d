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

    /**
     * Applied to a tile of scores.
     *
     * @param counters memory for one int a lane
     */
    void apply(AttentionPlan plan, int tile, long scores, long counters) {
        int lanes = plan.lanes(tile);
        int first = plan.firstSlot(tile);
        for (int slot = 0; slot < plan.slots(tile); slot++) {
            Lanes.setInt(counters + 4L * slot, plan.row(first + slot) * plan.keys());
        }
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            dropping.applyDown(
                    scores + 4L * plan.runColumn(run) * lanes,
                    plan.runLength(run),
                    lanes,
                    counters,
                    plan.runKey(run),
                    plan.runStep(run));
        }
    }
}
