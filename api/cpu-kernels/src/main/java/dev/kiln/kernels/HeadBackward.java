package dev.kiln.kernels;

/**
 * Backward kernel of {@link HeadForward}: with P the weights, D the dropout factors and dP = D
 * (dOut · values), dScore = scale · P (dP - Σ P dP), where the sum is dOut · out; then dQuery =
 * dScore · keys, dKeys = dScoreᵀ · queries, dValues = (D P)ᵀ · dOut.
 *
 * @param inputs the head's queries; keys and values are {@code width} and twice that many floats on
 * @param gradients the same of the gradients
 * @param memory {@link #bytes} of it
 */
record HeadBackward(
        AttentionPlan plan,
        int size,
        float scale,
        HeadDropout dropout,
        long inputs,
        long gradients,
        int width,
        long dOut,
        long out,
        long logSumExp,
        long memory) {

    static long bytes(AttentionPlan plan, int size) {
        return HeadTile.bytes(plan, size, 2);
    }

    private long row() {
        return 12L * width;
    }

    private long outRow() {
        return 4L * width;
    }

    private long keys(long queries) {
        return queries + 4L * width;
    }

    private long values(long queries) {
        return queries + 8L * width;
    }

    void run() {
        for (int position = 0; position < plan.keys(); position++) {
            Rows.clear(gradients + position * row(), size);
            Rows.clear(keys(gradients + position * row()), size);
            Rows.clear(values(gradients + position * row()), size);
        }
        HeadTile own = new HeadTile(plan, size, memory);
        for (int tile = 0; tile < plan.tiles(); tile++) {
            run(own, tile);
        }
    }

    private void run(HeadTile own, int tile) {
        long across = own.panel(0);
        long queries = own.panel(1);
        long above = own.panel(2);
        long dQueries = own.panel(3);
        long scores = own.scores(0, 6);
        long dScores = own.scores(1, 6);
        own.transpose(tile, across, inputs, row());
        own.score(tile, scores, keys(inputs), row(), across);
        own.transpose(tile, across, dOut, outRow());
        own.score(tile, dScores, values(inputs), row(), across);
        softmax(own, tile, scores, dScores);
        own.gather(tile, queries, inputs, row());
        own.gather(tile, above, dOut, outRow());
        own.weigh(tile, dQueries, dScores, keys(inputs), row());
        addQueries(tile, dQueries);
        own.spread(tile, keys(gradients), row(), dScores, queries);
        own.spread(tile, values(gradients), row(), scores, above);
    }

    /** Scores become D P, and dP becomes dScore. */
    private void softmax(HeadTile own, int tile, long scores, long dScores) {
        int lanes = plan.lanes(tile);
        int columns = plan.columns(tile);
        long offset = own.lane(0);
        long mean = own.lane(1);
        means(tile, offset, mean);
        if (dropout.active()) {
            dropout.apply(plan, tile, dScores, own.lane(3));
        }
        ScoreColumns.fillGaps(plan, tile, scores, Float.NEGATIVE_INFINITY);
        ScoreColumns.fillGaps(plan, tile, dScores, 0);
        for (int from = 0; from < columns; from += ScoreColumns.CHUNK) {
            int count = Math.min(ScoreColumns.CHUNK, columns - from);
            long at = 4L * from * lanes;
            ScoreColumns.exponentials(scores + at, count, lanes, scale, offset);
            ScoreColumns.backward(dScores + at, scores + at, count, lanes, scale, mean);
        }
        if (dropout.active()) {
            dropout.apply(plan, tile, scores, own.lane(3));
        }
    }

    private void means(int tile, long offset, long mean) {
        int first = plan.firstSlot(tile);
        Rows.clear(offset, plan.lanes(tile));
        Rows.clear(mean, plan.lanes(tile));
        for (int i = 0; i < plan.slots(tile); i++) {
            int row = plan.row(first + i);
            Lanes.set(offset + 4L * i, -Lanes.get(logSumExp + 4L * row));
            Lanes.set(mean + 4L * i, Rows.dot(dOut + row * outRow(), out + row * outRow(), size));
        }
    }

    private void addQueries(int tile, long dQueries) {
        int first = plan.firstSlot(tile);
        for (int i = 0; i < plan.slots(tile); i++) {
            Rows.add(gradients + plan.row(first + i) * row(), dQueries + 4L * i * size, size);
        }
    }
}
