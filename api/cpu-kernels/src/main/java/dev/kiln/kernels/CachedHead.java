package dev.kiln.kernels;

import dev.kiln.spi.attention.AttentionLayout;
import java.util.Optional;

/**
 * How one sequence with a cache attends: in tiles, or query by query where they are few.
 *
 * @param plan where tiles are worth it
 */
record CachedHead(AttentionLayout layout, Optional<AttentionPlan> plan) {

    /** Sequences mostly share their layout. */
    static CachedHead[] of(AttentionLayout[] layouts) {
        CachedHead[] heads = new CachedHead[layouts.length];
        for (int b = 0; b < layouts.length; b++) {
            heads[b] = b > 0 && layouts[b].equals(layouts[b - 1]) ? heads[b - 1] : of(layouts[b]);
        }
        return heads;
    }

    private static CachedHead of(AttentionLayout layout) {
        return new CachedHead(
                layout,
                layout.queries() > RowForward.ROWS
                        ? Optional.of(AttentionPlan.of(layout))
                        : Optional.empty());
    }

    /** Bytes of memory that {@link #run} takes for heads of a size. */
    long bytes(int size) {
        return plan.map(tiles -> logSumExpBytes() + HeadForward.bytes(tiles, size))
                .orElseGet(() -> RowForward.bytes(layout));
    }

    private long logSumExpBytes() {
        return 4L * Lanes.padded(layout.queries());
    }

    /** Addresses as in {@link HeadForward}. */
    void run(
            int size,
            float scale,
            long queries,
            long queryRow,
            long keys,
            long values,
            long keyRow,
            long out,
            long memory) {
        if (plan.isEmpty()) {
            new RowForward(
                            layout, size, scale, queries, queryRow, keys, values, keyRow, out,
                            keyRow, memory)
                    .run();
            return;
        }
        new HeadForward(
                        plan.get(),
                        size,
                        scale,
                        HeadDropout.NONE,
                        queries,
                        queryRow,
                        keys,
                        values,
                        keyRow,
                        out,
                        keyRow,
                        memory,
                        memory + logSumExpBytes())
                .run(0, plan.get().tiles());
    }
}
