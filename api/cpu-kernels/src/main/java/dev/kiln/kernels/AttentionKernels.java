package dev.kiln.kernels;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.AttentionSpec;
import java.lang.foreign.MemorySegment;

/** Attention over sequences and heads: each head of each sequence is work for one thread. */
final class AttentionKernels {
    private final Workers workers;
    private final BlockPool pool;
    private final AttentionPlans plans = new AttentionPlans();

    AttentionKernels(Workers workers, BlockPool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    /** B, T, C and the rest of one call. */
    record Sizes(int sequences, int length, int width, int heads) {
        int size() {
            return width / heads;
        }

        /** Where sequence b of qkv[B, T, 3C] has its head h. */
        long qkv(int b, int h) {
            return 12L * b * length * width + 4L * h * size();
        }

        /** Where sequence b of out[B, T, C] has its head h. */
        long out(int b, int h) {
            return 4L * b * length * width + 4L * h * size();
        }

        /** Where logSumExp[B, H, T] has the same. */
        long logSumExp(int b, int h) {
            return 4L * ((long) b * heads + h) * length;
        }
    }

    void forward(long out, long logSumExp, long qkv, Sizes sizes, AttentionSpec spec) {
        AttentionPlan plan = plans.of(spec.layout());
        int units = sizes.sequences() * sizes.heads();
        int cuts = plan.independent() ? Math.clamp(workers.count() / units, 1, plan.tiles()) : 1;
        eachWithScratch(
                units * cuts,
                HeadForward.bytes(plan, sizes.size()),
                "attention",
                (memory, item) -> {
                    int b = item / cuts / sizes.heads();
                    int h = item / cuts % sizes.heads();
                    long queries = qkv + sizes.qkv(b, h);
                    long row = 12L * sizes.width();
                    new HeadForward(
                                    plan,
                                    sizes.size(),
                                    (float) spec.scale(),
                                    HeadDropout.of(spec.dropout(), item / cuts),
                                    queries,
                                    row,
                                    queries + 4L * sizes.width(),
                                    queries + 8L * sizes.width(),
                                    row,
                                    out + sizes.out(b, h),
                                    4L * sizes.width(),
                                    logSumExp + sizes.logSumExp(b, h),
                                    memory)
                            .run(
                                    Workers.cut(plan.tiles(), item % cuts, cuts),
                                    Workers.cut(plan.tiles(), item % cuts + 1, cuts));
                });
    }

    void backward(
            long dQkv,
            long dOut,
            long out,
            long logSumExp,
            long qkv,
            Sizes sizes,
            AttentionSpec spec) {
        AttentionPlan plan = plans.of(spec.layout());
        eachWithScratch(
                sizes.sequences() * sizes.heads(),
                HeadBackward.bytes(plan, sizes.size()),
                "attention backward",
                (memory, item) -> {
                    int b = item / sizes.heads();
                    int h = item % sizes.heads();
                    new HeadBackward(
                                    plan,
                                    sizes.size(),
                                    (float) spec.scale(),
                                    HeadDropout.of(spec.dropout(), item),
                                    qkv + sizes.qkv(b, h),
                                    dQkv + sizes.qkv(b, h),
                                    sizes.width(),
                                    dOut + sizes.out(b, h),
                                    out + sizes.out(b, h),
                                    logSumExp + sizes.logSumExp(b, h),
                                    memory)
                            .run();
                });
    }

    /** Each head writes its new keys and values, then attends. */
    void cached(
            long out,
            long qkv,
            CpuKvCache cache,
            int layer,
            AttentionLayout[] layouts,
            Sizes sizes,
            double scale) {
        CachedHead[] heads = CachedHead.of(layouts);
        int[] starts = starts(layouts);
        int size = sizes.size();
        long bytes = 0;
        for (CachedHead head : heads) {
            bytes = Math.max(bytes, head.bytes(size));
        }
        eachWithScratch(
                heads.length * sizes.heads(),
                bytes,
                "cached attention",
                (memory, item) -> {
                    int b = item / sizes.heads();
                    int h = item % sizes.heads();
                    long queries = qkv + 12L * starts[b] * sizes.width() + 4L * h * size;
                    int count = layouts[b].queries();
                    append(cache, layer, b, h * size, size, count, queries, sizes.width());
                    heads[b].run(
                            size,
                            (float) scale,
                            queries,
                            12L * sizes.width(),
                            cache.keys(layer, b, h * size),
                            cache.values(layer, b, h * size),
                            4L * sizes.width(),
                            out + 4L * starts[b] * sizes.width() + 4L * h * size,
                            memory);
                });
    }

    /** The row where each sequence's new positions begin. */
    private static int[] starts(AttentionLayout[] layouts) {
        int[] starts = new int[layouts.length];
        for (int b = 1; b < starts.length; b++) {
            starts[b] = starts[b - 1] + layouts[b - 1].queries();
        }
        return starts;
    }

    private static void append(
            CpuKvCache cache,
            int layer,
            int sequence,
            int channel,
            int size,
            int count,
            long queries,
            int width) {
        long behind = 4L * cache.length(sequence) * width;
        long keys = cache.keys(layer, sequence, channel) + behind;
        long values = cache.values(layer, sequence, channel) + behind;
        for (int i = 0; i < count; i++) {
            long row = queries + 12L * i * width;
            Rows.copy(keys + 4L * i * width, row + 4L * width, size);
            Rows.copy(values + 4L * i * width, row + 8L * width, size);
        }
    }

    /** Work on an item with memory of the worker's own. */
    private interface Work {
        void run(long memory, int item);
    }

    private void eachWithScratch(int items, long bytes, String what, Work work) {
        long each = (bytes + 63) / 64 * 64;
        int users = items == 1 ? 1 : workers.count();
        MemorySegment scratch = pool.take(each * users, what);
        try {
            workers.each(
                    items, (worker, item) -> work.run(scratch.address() + each * worker, item));
        } finally {
            pool.give(scratch);
        }
    }
}
