package dev.kiln.kernels;

/**
 * Backward kernel of {@link HeadForward}: with P the weights, D the dropout factors and dP = D
 * (dOut · values), dScore = scale · P (dP - Σ P dP), where the sum is dOut · out; then dQuery =
 * dScore · keys, dKeys = dScoreᵀ · queries, dValues = (D P)ᵀ · dOut.
 *
 * @param inputs the head's queries; keys and values are {@code width} and twice that many floats on
 * @param gradients the same of the gradients
 * @param row bytes between positions of both
 * @param transposed keys, then values, transposed: [2, size, positions], {@code columnRow} bytes
 *     between channels
 * @param scores memory for a tile of scores, then for another one
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
        long transposed,
        long columnRow,
        long scores) {

    private long row() {
        return 12L * width;
    }

    private long outRow() {
        return 4L * width;
    }

    private long scoreRow() {
        return HeadForward.scoreRow(plan);
    }

    private long dScores() {
        return scores + HeadForward.scoreBytes(plan);
    }

    void run() {
        for (int position = 0; position < plan.keys(); position++) {
            Rows.clear(gradients + position * row(), size);
            Rows.clear(gradients + position * row() + 4L * width, size);
            Rows.clear(gradients + position * row() + 8L * width, size);
        }
        for (int tile = 0; tile < plan.tiles(); tile++) {
            products(tile);
            for (int row = plan.firstRow(tile); row < plan.firstRow(tile + 1); row++) {
                softmax(tile, row);
            }
            gradients(tile);
        }
    }

    /** Scores, and dOut · values. */
    private void products(int tile) {
        long values = transposed + size * columnRow;
        int first = plan.firstRow(tile);
        int rows = plan.firstRow(tile + 1) - first;
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            int keys = plan.runLength(run);
            long from = 4L * plan.runKey(run);
            long to = 4L * plan.runColumn(run);
            long query = inputs + first * row();
            long above = dOut + first * outRow();
            long scored = scores + to;
            long pulled = dScores() + to;
            Tiles.multiply(
                    rows,
                    keys,
                    size,
                    query,
                    row(),
                    4,
                    transposed + from,
                    columnRow,
                    scored,
                    scoreRow());
            Tiles.multiply(
                    rows,
                    keys,
                    size,
                    above,
                    outRow(),
                    4,
                    values + from,
                    columnRow,
                    pulled,
                    scoreRow());
        }
    }

    /** Scores become D P, and what lies beside them dScore. */
    private void softmax(int tile, int row) {
        long at = scores + (row - plan.firstRow(tile)) * scoreRow();
        long dAt = at + dScores() - scores;
        if (dropout.active()) {
            dropout.apply(plan, row, dAt);
        }
        float mean = Rows.dot(dOut + row * outRow(), out + row * outRow(), size);
        float lse = Lanes.get(logSumExp + 4L * row);
        ScoreRows.fillGaps(plan, tile, row, at, Float.NEGATIVE_INFINITY);
        ScoreRows.fillGaps(plan, tile, row, dAt, 0);
        Exponentials.exp(at, at, plan.columns(tile), scale, -lse);
        ScoreRows.backward(dAt, at, plan.columns(tile), scale, mean);
        if (dropout.active()) {
            dropout.apply(plan, row, at);
        }
    }

    private void gradients(int tile) {
        int first = plan.firstRow(tile);
        int rows = plan.firstRow(tile + 1) - first;
        long query = inputs + first * row();
        long dQuery = gradients + first * row();
        long above = dOut + first * outRow();
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            int keys = plan.runKeys(run);
            long p = scores + 4L * plan.runColumn(run);
            long dScore = dScores() + 4L * plan.runColumn(run);
            long key = plan.runKey(run) * row() + 4L * width;
            long value = key + 4L * width;
            Tiles.addProduct(
                    rows, size, keys, dScore, scoreRow(), 4, inputs + key, row(), dQuery, row());
            Tiles.addProduct(
                    keys, size, rows, dScore, 4, scoreRow(), query, row(), gradients + key, row());
            Tiles.addProduct(
                    keys, size, rows, p, 4, scoreRow(), above, outRow(), gradients + value, row());
        }
    }
}
