package dev.kiln.kernels;

/**
 * Attention of one head of one sequence, tile by tile: scores, softmax, weighted sum of values.
 * Addresses are of the head's first channel at position 0; rows are bytes between positions.
 *
 * @param logSumExp [queries]
 * @param memory {@link #bytes} of it
 */
record HeadForward(
        AttentionPlan plan,
        int size,
        float scale,
        HeadDropout dropout,
        long queries,
        long queryRow,
        long keys,
        long values,
        long keyRow,
        long out,
        long outRow,
        long logSumExp,
        long memory) {

    static long bytes(AttentionPlan plan, int size) {
        return HeadTile.bytes(plan, size, 1);
    }

    void run(int fromTile, int toTile) {
        HeadTile own = new HeadTile(plan, size, memory);
        long across = own.panel(0);
        long sums = own.panel(1);
        long scores = own.scores(0, 3);
        for (int tile = fromTile; tile < toTile; tile++) {
            own.transpose(tile, across, queries, queryRow);
            own.score(tile, scores, keys, keyRow, across);
            softmax(own, tile, scores);
            own.weigh(tile, sums, scores, values, keyRow);
            write(own, tile, sums);
        }
    }

    /** Scores become e^(scale (score - max)), 0 in gaps; lane 0 has the maxima, lane 1 the sums. */
    private void softmax(HeadTile own, int tile, long scores) {
        int lanes = plan.lanes(tile);
        int columns = plan.columns(tile);
        long max = own.lane(0);
        long sum = own.lane(1);
        long offset = own.lane(2);
        ScoreColumns.fillGaps(plan, tile, scores, Float.NEGATIVE_INFINITY);
        ScoreColumns.max(max, scores, columns, lanes);
        Rows.scale(offset, max, -scale, lanes);
        Rows.clear(sum, lanes);
        for (int from = 0; from < columns; from += ScoreColumns.CHUNK) {
            int count = Math.min(ScoreColumns.CHUNK, columns - from);
            long at = scores + 4L * from * lanes;
            ScoreColumns.exponentials(at, count, lanes, scale, offset);
            ScoreColumns.addSum(sum, at, count, lanes);
        }
        if (dropout.active()) {
            dropout.apply(plan, tile, scores, own.lane(3));
        }
    }

    private void write(HeadTile own, int tile, long sums) {
        int first = plan.firstSlot(tile);
        for (int i = 0; i < plan.slots(tile); i++) {
            int row = plan.row(first + i);
            float sum = Lanes.get(own.lane(1) + 4L * i);
            float lse = (float) (scale * Lanes.get(own.lane(0) + 4L * i) + Math.log(sum));
            long to = out + row * outRow;
            long from = sums + 4L * i * size;
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
