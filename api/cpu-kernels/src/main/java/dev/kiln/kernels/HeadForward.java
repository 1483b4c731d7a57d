package dev.kiln.kernels;

/**
 * Attention of one head of one sequence, tile by tile: scores, softmax, weighted sum of values.
 * Addresses are of the head's first channel at position 0; rows are bytes between positions.
 *
 * @param keys transposed, [size, positions], {@code keyRow} bytes between channels
 * @param logSumExp where [queries] is, or 0 when it isn't wanted
 * @param scores memory for a tile of scores, then for one float a row of it
 */
record HeadForward(
        AttentionPlan plan,
        int size,
        float scale,
        HeadDropout dropout,
        long queries,
        long queryRow,
        long keys,
        long keyRow,
        long values,
        long valueRow,
        long out,
        long outRow,
        long logSumExp,
        long scores,
        long scoreRow) {

    /** Bytes of {@link #scoreRow} for a plan. */
    static long scoreRow(AttentionPlan plan) {
        return 4L * Lanes.spaced(plan.widestTile());
    }

    /** Bytes of {@link #scores} for a plan. */
    static long scoreBytes(AttentionPlan plan) {
        return scoreRow(plan) * plan.tileRows();
    }

    void run(int fromTile, int toTile) {
        for (int tile = fromTile; tile < toTile; tile++) {
            scores(tile);
            for (int row = plan.firstRow(tile); row < plan.firstRow(tile + 1); row++) {
                softmax(tile, row);
            }
            weigh(tile);
        }
    }

    private void scores(int tile) {
        int first = plan.firstRow(tile);
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            Tiles.multiply(
                    plan.firstRow(tile + 1) - first,
                    plan.runLength(run),
                    size,
                    queries + first * queryRow,
                    queryRow,
                    4,
                    keys + 4L * plan.runKey(run),
                    keyRow,
                    scores + 4L * plan.runColumn(run),
                    scoreRow);
        }
    }

    /** Scores become weights that add up to 1 before dropout; 0 between the spans. */
    private void softmax(int tile, int row) {
        long at = scores + (row - plan.firstRow(tile)) * scoreRow;
        int columns = plan.columns(tile);
        ScoreRows.fillGaps(plan, tile, row, at, Float.NEGATIVE_INFINITY);
        float max = ScoreRows.max(at, columns);
        float sum = Exponentials.exp(at, at, columns, scale, -scale * max);
        Arithmetic.scale(at, at, 1 / sum, columns / Lanes.COUNT);
        if (logSumExp != 0) {
            Lanes.set(logSumExp + 4L * row, (float) (scale * max + Math.log(sum)));
        }
        if (dropout.active()) {
            dropout.apply(plan, row, at);
        }
    }

    private void weigh(int tile) {
        int first = plan.firstRow(tile);
        int rows = plan.firstRow(tile + 1) - first;
        for (int row = 0; row < rows; row++) {
            Rows.clear(out + (first + row) * outRow, size);
        }
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            Tiles.addProduct(
                    rows,
                    size,
                    plan.runKeys(run),
                    scores + 4L * plan.runColumn(run),
                    scoreRow,
                    4,
                    values + plan.runKey(run) * valueRow,
                    valueRow,
                    out + first * outRow,
                    outRow);
        }
    }
}
