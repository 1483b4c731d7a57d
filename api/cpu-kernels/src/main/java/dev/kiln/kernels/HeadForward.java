package dev.kiln.kernels;

import dev.kiln.spi.backend.DType;
import java.util.List;

/**
 * Attention of one head of one sequence, tile by tile: scores, softmax, weighted sum of values.
 *
 * @param logSumExp [queries]
 * @param memory {@link #bytes} of it
 */
record HeadForward(
        AttentionPlan plan,
        LongProducts products,
        int size,
        float scale,
        HeadDropout dropout,
        HeadRows queries,
        HeadRows keys,
        HeadRows values,
        HeadRows out,
        long logSumExp,
        long memory) {

    /** What is done to a tile, one after the other; see {@link TileStep}. */
    private static final List<TileStep<HeadForward>> STEPS =
            List.of(
                    HeadForward::score,
                    HeadForward::softmax,
                    HeadForward::weigh,
                    HeadForward::write);

    static long bytes(AttentionPlan plan, LongProducts products, int size) {
        long exact = products.type() == DType.FLOAT32 ? 0 : exactBytes(plan, size);
        return tile(plan, products, size, 0).bytes() + exact;
    }

    private static HeadTile tile(AttentionPlan plan, LongProducts products, int size, long memory) {
        return new HeadTile(plan, products, size, 2, 1, memory);
    }

    private static long exactBytes(AttentionPlan plan, int size) {
        return 4L * plan.queries() * size;
    }

    void run(int fromTile, int toTile) {
        HeadTile own = tile(plan, products, size, memory);
        for (int tile = fromTile; tile < toTile; tile++) {
            for (TileStep<HeadForward> step : STEPS) {
                step.run(this, own, tile);
            }
        }
        if (out.type() != DType.FLOAT32) {
            round(exact(own), fromTile, toTile);
        }
    }

    /** Out before it is rounded, as several tiles may add to it. */
    private HeadRows exact(HeadTile own) {
        return out.type() == DType.FLOAT32
                ? out
                : new HeadRows(DType.FLOAT32, memory + own.bytes(), 4L * size);
    }

    private void round(HeadRows exact, int fromTile, int toTile) {
        for (int slot = plan.firstSlot(fromTile); slot < plan.firstSlot(toTile); slot++) {
            if (!plan.continued(slot)) {
                out.write(plan.row(slot), exact.at(plan.row(slot)), size);
            }
        }
    }

    private void score(HeadTile own, int tile) {
        own.gather(tile, own.panel(0), queries);
        own.score(tile, 0, keys, own.panel(0));
    }

    /** Scores become e^(scale (score - max)), 0 in gaps; lane 0 has the maxima, lane 1 the sums. */
    private void softmax(HeadTile own, int tile) {
        int lanes = plan.lanes(tile);
        int columns = plan.columns(tile);
        long scores = own.scores(0);
        long max = own.lane(0);
        float factor = (float) (scale * ScoreColumns.LOG2_E);
        boolean rounded = own.roundsAtOnce(tile) && !dropout.active();
        long to = rounded ? own.factors(0) : scores;
        if (Gaps.find(plan, tile, own.gaps())) {
            Gaps.fill(scores, columns, lanes, Float.NEGATIVE_INFINITY, own.gaps());
        }
        ScoreColumns.max(max, scores, columns, lanes);
        ScoreColumns.exponentials(to, rounded, scores, columns, lanes, factor, max, own.lane(1));
        if (dropout.active()) {
            dropout.apply(plan, tile, scores, own.lane(3));
        }
        if (!rounded) {
            own.round(tile, 0);
        }
    }

    private void weigh(HeadTile own, int tile) {
        own.weigh(tile, own.panel(1), 0, values);
    }

    private void write(HeadTile own, int tile) {
        HeadRows exact = exact(own);
        int first = plan.firstSlot(tile);
        for (int i = 0; i < plan.slots(tile); i++) {
            int row = plan.row(first + i);
            float sum = Lanes.get(own.lane(1) + 4L * i);
            float lse = (float) (scale * Lanes.get(own.lane(0) + 4L * i) + Math.log(sum));
            long to = exact.at(row);
            long from = own.panel(1) + 4L * i * size;
            if (plan.continued(first + i)) {
                add(to, from, 1 / sum, lse, logSumExp + 4L * row);
            } else {
                Rows.scale(to, from, 1 / sum, size);
                Lanes.set(logSumExp + 4L * row, lse);
            }
        }
    }

    /** The row has a mean over other keys: each mean counts as much as its exponentials. */
    private void add(long to, long from, float factor, float lse, long lseAt) {
        double before = Lanes.get(lseAt);
        double most = Math.max(before, lse);
        double all = most + Math.log(Math.exp(before - most) + Math.exp(lse - most));
        Rows.scale(to, to, (float) Math.exp(before - all), size);
        Rows.scale(from, from, (float) (factor * Math.exp(lse - all)), size);
        Rows.add(to, from, size);
        Lanes.set(lseAt, (float) all);
    }
}
