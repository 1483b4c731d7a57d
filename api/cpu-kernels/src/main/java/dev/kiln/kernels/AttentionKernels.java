package dev.kiln.kernels;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.AttentionSpec;
import java.lang.foreign.MemorySegment;

/** Attention over sequences and heads: each head of each sequence is work for one thread. */
final class AttentionKernels {
    private final Workers workers;
    private final BlockPool pool;

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
        AttentionPlan plan = new AttentionPlan(spec.layout());
        int units = sizes.sequences() * sizes.heads();
        int cuts = Math.clamp(workers.count() / units, 1, plan.tiles());
        long columnRow = 4L * Lanes.spaced(Lanes.padded(sizes.length()));
        long scoreBytes = HeadForward.scoreBytes(plan);
        long bytes = columnRow * sizes.size() + scoreBytes;
        MemorySegment scratch = pool.take(bytes * workers.count(), "attention");
        workers.each(
                units * cuts,
                (worker, item) -> {
                    int b = item / cuts / sizes.heads();
                    int h = item / cuts % sizes.heads();
                    long own = scratch.address() + bytes * worker;
                    long queries = qkv + sizes.qkv(b, h);
                    long row = 12L * sizes.width();
                    Tiles.transpose(
                            own + scoreBytes,
                            columnRow,
                            queries + 4L * sizes.width(),
                            row,
                            sizes.length(),
                            sizes.size());
                    new HeadForward(
                                    plan,
                                    sizes.size(),
                                    (float) spec.scale(),
                                    HeadDropout.of(spec.dropout(), item / cuts),
                                    queries,
                                    row,
                                    own + scoreBytes,
                                    columnRow,
                                    queries + 8L * sizes.width(),
                                    row,
                                    out + sizes.out(b, h),
                                    4L * sizes.width(),
                                    logSumExp + sizes.logSumExp(b, h),
                                    own,
                                    HeadForward.scoreRow(plan))
                            .run(
                                    Workers.cut(plan.tiles(), item % cuts, cuts),
                                    Workers.cut(plan.tiles(), item % cuts + 1, cuts));
                });
        pool.give(scratch);
    }

    void backward(
            long dQkv,
            long dOut,
            long out,
            long logSumExp,
            long qkv,
            Sizes sizes,
            AttentionSpec spec) {
        AttentionPlan plan = new AttentionPlan(spec.layout());
        long columnRow = 4L * Lanes.spaced(Lanes.padded(sizes.length()));
        long scoreBytes = 2 * HeadForward.scoreBytes(plan);
        long bytes = 2 * columnRow * sizes.size() + scoreBytes;
        MemorySegment scratch = pool.take(bytes * workers.count(), "attention backward");
        workers.each(
                sizes.sequences() * sizes.heads(),
                (worker, item) -> {
                    int b = item / sizes.heads();
                    int h = item % sizes.heads();
                    long own = scratch.address() + bytes * worker;
                    long columns = own + scoreBytes;
                    long inputs = qkv + sizes.qkv(b, h);
                    for (int part = 0; part < 2; part++) {
                        Tiles.transpose(
                                columns + part * columnRow * sizes.size(),
                                columnRow,
                                inputs + 4L * (part + 1) * sizes.width(),
                                12L * sizes.width(),
                                sizes.length(),
                                sizes.size());
                    }
                    new HeadBackward(
                                    plan,
                                    sizes.size(),
                                    (float) spec.scale(),
                                    HeadDropout.of(spec.dropout(), item),
                                    inputs,
                                    dQkv + sizes.qkv(b, h),
                                    sizes.width(),
                                    dOut + sizes.out(b, h),
                                    out + sizes.out(b, h),
                                    logSumExp + sizes.logSumExp(b, h),
                                    columns,
                                    columnRow,
                                    own)
                            .run();
                });
        pool.give(scratch);
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
        AttentionPlan[] plans = plans(layouts);
        long bytes = 0;
        for (AttentionPlan plan : plans) {
            bytes = Math.max(bytes, HeadForward.scoreBytes(plan));
        }
        long each = bytes;
        MemorySegment scratch = pool.take(each * workers.count(), "cached attention");
        workers.each(
                sizes.sequences() * sizes.heads(),
                (worker, item) -> {
                    int b = item / sizes.heads();
                    int h = item % sizes.heads();
                    AttentionPlan plan = plans[b];
                    int size = sizes.size();
                    long queries = qkv + sizes.qkv(b, h);
                    append(cache, layer, b, h * size, size, plan.queries(), queries, sizes.width());
                    new HeadForward(
                                    plan,
                                    size,
                                    (float) scale,
                                    HeadDropout.NONE,
                                    queries,
                                    12L * sizes.width(),
                                    cache.keys(layer, b, h * size),
                                    4L * cache.keyRow(),
                                    cache.values(layer, b, h * size),
                                    4L * sizes.width(),
                                    out + sizes.out(b, h),
                                    4L * sizes.width(),
                                    0,
                                    scratch.address() + each * worker,
                                    HeadForward.scoreRow(plan))
                            .run(0, plan.tiles());
                });
        pool.give(scratch);
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
        int length = cache.length(sequence);
        long row = 12L * width;
        long keys = cache.keys(layer, sequence, channel) + 4L * length;
        Tiles.transpose(keys, 4L * cache.keyRow(), queries + 4L * width, row, count, size);
        long values = cache.values(layer, sequence, channel) + 4L * length * width;
        for (int i = 0; i < count; i++) {
            Rows.copy(values + 4L * i * width, queries + 8L * width + i * row, size);
        }
    }

    /** Sequences mostly share their layout. */
    private static AttentionPlan[] plans(AttentionLayout[] layouts) {
        AttentionPlan[] plans = new AttentionPlan[layouts.length];
        for (int b = 0; b < layouts.length; b++) {
            plans[b] =
                    b > 0 && layouts[b].equals(layouts[b - 1])
                            ? plans[b - 1]
                            : new AttentionPlan(layouts[b]);
        }
        return plans;
    }
}
