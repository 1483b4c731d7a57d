package dev.kiln.kernels;

import dev.kiln.spi.attention.AttentionLayout;
import java.util.Optional;

/**
 * How one sequence with a cache attends: in tiles, or query by query where they are few.
 *
 * @param plan where tiles are worth it
 */
record CachedHead(AttentionLayout layout, Optional<AttentionPlan> plan, LongProducts products) {

    /** Sequences mostly share their layout. */
    static CachedHead[] of(AttentionLayout[] layouts, AttentionPlans plans, LongProducts products) {
        CachedHead[] heads = new CachedHead[layouts.length];
        for (int b = 0; b < layouts.length; b++) {
            boolean known = b > 0 && layouts[b].equals(layouts[b - 1]);
            heads[b] = known ? heads[b - 1] : of(layouts[b], plans, products);
        }
        return heads;
    }

    private static CachedHead of(
            AttentionLayout layout, AttentionPlans plans, LongProducts products) {
        return new CachedHead(
                layout,
                layout.queries() > RowForward.ROWS
                        ? Optional.of(plans.of(layout))
                        : Optional.empty(),
                products);
    }

    /** Bytes of memory that {@link #run} takes for heads of a size. */
    long bytes(int size) {
        return plan.map(tiles -> logSumExpBytes() + HeadForward.bytes(tiles, products, size))
                .orElseGet(() -> RowForward.bytes(layout, size));
    }

    private long logSumExpBytes() {
        return 4L * Lanes.padded(layout.queries());
    }

    void run(
            int size,
            float scale,
            HeadRows queries,
            HeadRows keys,
            HeadRows values,
            HeadRows out,
            long memory) {
        if (plan.isEmpty()) {
            new RowForward(layout, size, scale, queries, keys, values, out, memory).run();
            return;
        }
        new HeadForward(
                        plan.get(),
                        products,
                        size,
                        scale,
                        HeadDropout.NONE,
                        queries,
                        keys,
                        values,
                        out,
                        memory,
                        memory + logSumExpBytes())
                .run(0, plan.get().tiles());
    }
}
