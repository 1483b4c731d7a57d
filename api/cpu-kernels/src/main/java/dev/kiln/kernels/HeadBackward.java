package dev.kiln.kernels;

import dev.kiln.spi.backend.DType;
import java.util.List;

/**
 * Backward kernel of {@link HeadForward}: with P the weights, D the dropout factors and dP = D
 * (dOut · values), dScore = scale · P (dP - Σ P dP), where the sum is dOut · out; then dQuery =
 * dScore · keys, dKeys = dScoreᵀ · queries, dValues = (D P)ᵀ · dOut.
 *
 * @param gradients of {@code qkv}
 * @param memory {@link #bytes} of it
 */
record HeadBackward(
        AttentionPlan plan,
        LongProducts products,
        int size,
        float scale,
        HeadDropout dropout,
        QkvRows qkv,
        QkvRows gradients,
        HeadRows dOut,
        HeadRows out,
        long logSumExp,
        long memory) {

    /** From here on a float's last place is worth mentioning in an exponent. */
    private static final float HUGE = 1 << 12;

    /** What is done to a tile, one after the other; see {@link TileStep}. */
    private static final List<TileStep<HeadBackward>> STEPS =
            List.of(
                    HeadBackward::score,
                    HeadBackward::softmax,
                    HeadBackward::addQueries,
                    HeadBackward::spread);

    static long bytes(AttentionPlan plan, LongProducts products, int size) {
        long exact = products.type() == DType.FLOAT32 ? 0 : 12L * plan.keys() * size;
        return tile(plan, products, size, 0).bytes() + exact;
    }

    private static HeadTile tile(AttentionPlan plan, LongProducts products, int size, long memory) {
        return new HeadTile(plan, products, size, 4, 2, memory);
    }

    void run() {
        HeadTile own = tile(plan, products, size, memory);
        if (gradients.type() == DType.FLOAT32) {
            addTiles(own);
            return;
        }
        HeadRows queries = new HeadRows(DType.FLOAT32, memory + own.bytes(), 12L * size);
        QkvRows floats = QkvRows.of(queries, size);
        with(floats).addTiles(own);
        gradients.write(floats, plan.keys(), size);
    }

    /** This one with gradients that aren't rounded yet, as several tiles add to them. */
    private HeadBackward with(QkvRows floats) {
        return new HeadBackward(
                plan, products, size, scale, dropout, qkv, floats, dOut, out, logSumExp, memory);
    }

    private void addTiles(HeadTile own) {
        gradients.clear(plan.keys(), size);
        for (int tile = 0; tile < plan.tiles(); tile++) {
            for (TileStep<HeadBackward> step : STEPS) {
                step.run(this, own, tile);
            }
        }
    }

    private void score(HeadTile own, int tile) {
        own.gather(tile, own.panel(0), qkv.queries());
        own.gather(tile, own.panel(1), dOut);
        own.score(tile, 0, qkv.keys(), own.panel(0));
        own.score(tile, 1, qkv.values(), own.panel(1));
    }

    /** Scores become D P, and dP becomes dScore. */
    private void softmax(HeadTile own, int tile) {
        long scores = own.scores(0);
        long dScores = own.scores(1);
        long center = own.lane(0);
        long mean = own.lane(1);
        means(own, tile);
        if (dropout.active()) {
            dropout.apply(plan, tile, dScores, own.lane(3));
        }
        int columns = plan.columns(tile);
        int lanes = plan.lanes(tile);
        if (Gaps.find(plan, tile, own.gaps())) {
            Gaps.fill(scores, columns, lanes, Float.NEGATIVE_INFINITY, own.gaps());
            Gaps.fill(dScores, columns, lanes, 0, own.gaps());
        }
        boolean corrected = correctHuge(own, tile);
        boolean rounded = own.roundsAtOnce(tile) && !dropout.active() && !corrected;
        ScoreColumns.backward(
                rounded ? own.factors(0) : scores,
                rounded ? own.factors(1) : dScores,
                rounded,
                scores,
                dScores,
                columns,
                lanes,
                (float) (scale * ScoreColumns.LOG2_E),
                center,
                scale,
                mean);
        if (corrected) {
            normalize(own, tile);
        }
        if (dropout.active()) {
            dropout.apply(plan, tile, scores, own.lane(3));
        }
        if (!rounded) {
            own.round(tile, 0);
            own.round(tile, 1);
        }
    }

    /** Of each row what its scores are seen from, and the mean of dP. */
    private void means(HeadTile own, int tile) {
        int first = plan.firstSlot(tile);
        long left = own.panel(2);
        long right = own.panel(3);
        for (int lane = 0; lane < 2; lane++) {
            Rows.clear(own.lane(lane), plan.lanes(tile));
        }
        for (int i = 0; i < plan.slots(tile); i++) {
            int row = plan.row(first + i);
            dOut.read(left, row, size);
            out.read(right, row, size);
            double lse = Lanes.get(logSumExp + 4L * row);
            float center = scale == 0 ? 0 : (float) (lse / scale);
            Lanes.set(own.lane(0) + 4L * i, center);
            Lanes.set(own.lane(1) + 4L * i, Rows.dot(left, right, size));
        }
    }

    /**
     * A huge logSumExp is rounded by more than the logarithm that it holds: a row whose largest score
     * is in this tile is seen from there, as forward saw it, and lane 2 has what it is then short of.
     */
    private boolean correctHuge(HeadTile own, int tile) {
        boolean corrected = false;
        int first = plan.firstSlot(tile);
        for (int i = 0; i < plan.slots(tile); i++) {
            float lse = Lanes.get(logSumExp + 4L * plan.row(first + i));
            Lanes.set(own.lane(2) + 4L * i, 1);
            if (Math.abs(lse) >= HUGE) {
                correct(own, tile, i, lse);
                corrected = true;
            }
        }
        return corrected;
    }

    private void normalize(HeadTile own, int tile) {
        int lanes = plan.lanes(tile);
        for (int i = 0; i < plan.slots(tile); i++) {
            float factor = Lanes.get(own.lane(2) + 4L * i);
            for (int column = 0; column < plan.columns(tile); column++) {
                for (int which = 0; which < 2; which++) {
                    long at = own.scores(which) + 4L * ((long) column * lanes + i);
                    Lanes.set(at, factor * Lanes.get(at));
                }
            }
        }
    }

    private void correct(HeadTile own, int tile, int lane, float lse) {
        int lanes = plan.lanes(tile);
        long scores = own.scores(0) + 4L * lane;
        float max = Float.NEGATIVE_INFINITY;
        for (int column = 0; column < plan.columns(tile); column++) {
            max = Math.max(max, Lanes.get(scores + 4L * column * lanes));
        }
        double below = lse - (double) scale * max;
        if (below > Math.log(plan.columns(tile)) + 2 * Math.ulp(lse)) {
            return;
        }
        double sum = 0;
        for (int column = 0; column < plan.columns(tile); column++) {
            double difference = Lanes.get(scores + 4L * column * lanes) - (double) max;
            sum += Math.exp(scale * difference);
        }
        Lanes.set(own.lane(0) + 4L * lane, max);
        Lanes.set(own.lane(2) + 4L * lane, (float) (1 / sum));
    }

    private void addQueries(HeadTile own, int tile) {
        long below = own.panel(2);
        own.weigh(tile, below, 1, qkv.keys());
        HeadRows to = gradients.queries();
        int first = plan.firstSlot(tile);
        for (int i = 0; i < plan.slots(tile); i++) {
            Rows.add(to.at(plan.row(first + i)), below + 4L * i * size, size);
        }
    }

    private void spread(HeadTile own, int tile) {
        own.spread(tile, gradients.keys(), 1, own.panel(0));
        own.spread(tile, gradients.values(), 0, own.panel(1));
    }
}
