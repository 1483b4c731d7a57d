package dev.kiln.kernels;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.DType;
import java.lang.foreign.MemorySegment;

/** Attention over sequences and heads: each head of each sequence, or a part of
 * its queries, is work for one thread. */
final class AttentionKernels {
    /** Parts of the work that a worker comes for, where heads are few. */
    private static final int PARTS = 4;

    private final Workers workers;
    private final BlockPool pool;
    private final Gemm gemm;
    private final AttentionPlans plans = new AttentionPlans();

    AttentionKernels(Workers workers, BlockPool pool, Gemm gemm) {
        this.workers = workers;
        this.pool = pool;
        this.gemm = gemm;
    }

    /** B, T, C and the rest of one call. */
    record Sizes(DType type, int sequences, int length, int width, int heads) {
        int size() {
            return width / heads;
        }

        /** The queries of head h of sequence b of qkv[B, T, 3C]. */
        HeadRows queries(long qkv, int b, int h) {
            long row = 3L * type.bytes() * width;
            return new HeadRows(type, qkv + b * length * row + channel(h), row);
        }

        /** The head's of qkv[B, T, 3C], or of its gradient. */
        QkvRows qkv(long qkv, int b, int h) {
            return QkvRows.of(queries(qkv, b, h), width);
        }

        /** The head's rows of out[B, T, C]. */
        HeadRows out(long out, int b, int h) {
            long row = (long) type.bytes() * width;
            return new HeadRows(type, out + b * length * row + channel(h), row);
        }

        private long channel(int h) {
            return (long) type.bytes() * h * size();
        }

        /** Where logSumExp[B, H, T] has the same. */
        long logSumExp(int b, int h) {
            return 4L * ((long) b * heads + h) * length;
        }
    }

    void forward(long out, long logSumExp, long qkv, Sizes sizes, AttentionSpec spec) {
        AttentionPlan plan = plans.of(spec.layout());
        LongProducts products = new LongProducts(gemm, sizes.type());
        int units = sizes.sequences() * sizes.heads();
        int cuts = Math.clamp(PARTS * workers.count() / units, 1, plan.tiles());
        eachWithScratch(
                units * cuts,
                HeadForward.bytes(plan, products, sizes.size()),
                "attention",
                (memory, item) -> {
                    int b = item / cuts / sizes.heads();
                    int h = item / cuts % sizes.heads();
                    HeadRows queries = sizes.queries(qkv, b, h);
                    new HeadForward(
                                    plan,
                                    products,
                                    sizes.size(),
                                    (float) spec.scale(),
                                    HeadDropout.of(spec.dropout(), item / cuts),
                                    queries,
                                    queries.shifted(sizes.width()),
                                    queries.shifted(2 * sizes.width()),
                                    sizes.out(out, b, h),
                                    logSumExp + sizes.logSumExp(b, h),
                                    memory)
                            .run(plan.cut(item % cuts, cuts), plan.cut(item % cuts + 1, cuts));
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
        LongProducts products = new LongProducts(gemm, sizes.type());
        eachWithScratch(
                sizes.sequences() * sizes.heads(),
                HeadBackward.bytes(plan, products, sizes.size()),
                "attention backward",
                (memory, item) -> {
                    int b = item / sizes.heads();
                    int h = item % sizes.heads();
                    new HeadBackward(
                                    plan,
                                    products,
                                    sizes.size(),
                                    (float) spec.scale(),
                                    HeadDropout.of(spec.dropout(), item),
                                    sizes.qkv(qkv, b, h),
                                    sizes.qkv(dQkv, b, h),
                                    sizes.out(dOut, b, h),
                                    sizes.out(out, b, h),
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
        LongProducts products = new LongProducts(gemm, sizes.type());
        CachedHead[] heads = CachedHead.of(layouts, plans, products);
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
                    HeadRows queries = sizes.queries(qkv, 0, h).from(starts[b]);
                    HeadRows keys = cache.keys(layer, b, h, size);
                    HeadRows values = cache.values(layer, b, h, size);
                    int length = cache.length(b);
                    int count = layouts[b].queries();
                    keys.copy(length, queries.shifted(sizes.width()), 0, count, size);
                    values.copy(length, queries.shifted(2 * sizes.width()), 0, count, size);
                    HeadRows to = sizes.out(out, 0, h).from(starts[b]);
                    heads[b].run(size, (float) scale, queries, keys, values, to, memory);
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
