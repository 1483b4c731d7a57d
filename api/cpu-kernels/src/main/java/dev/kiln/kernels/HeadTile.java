package dev.kiln.kernels;

/**
 * Memory of one worker for a tile of a head, and the products that its runs of keys take part in.
 * Queries are gathered, [size, lanes], so that keys and values can stay where they are. A tile's
 * rows are gathered too, [slots, size].
 *
 * @param size of a head
 * @param memory {@link #bytes} of it, at a multiple of a vector's length
 */
record HeadTile(AttentionPlan plan, int size, long memory) {
    private static final int PART = 64;
    private static final int LANES = Lanes.padded(AttentionPlan.TILE_ROWS);

    /** Bytes a worker for so many tiles of scores, and as many panels. */
    static long bytes(AttentionPlan plan, int size, int scores) {
        return 4L * LANES * 4
                + 4L * PART * Lanes.padded(size)
                + 3 * scores * panelBytes(size)
                + scores * scoreBytes(plan);
    }

    private static long scoreBytes(AttentionPlan plan) {
        return 4L * plan.scoreFloats();
    }

    /** A panel is a matrix of rows or lanes by size. */
    private static long panelBytes(int size) {
        return 4L * LANES * Lanes.padded(size);
    }

    /** One float a lane, of four. */
    long lane(int which) {
        return memory + 4L * LANES * which;
    }

    /** Keys or values of a part of the columns. */
    private long keys() {
        return lane(4);
    }

    long panel(int which) {
        return keys() + 4L * PART * Lanes.padded(size) + panelBytes(size) * which;
    }

    /** Scores, the first behind {@code panels} panels. */
    long scores(int which, int panels) {
        return panel(panels) + scoreBytes(plan) * which;
    }

    /** The slots' rows of x, transposed: [size, lanes], 0 in lanes without a slot. */
    void transpose(int tile, long out, long x, long xRow) {
        int lanes = plan.lanes(tile);
        int first = plan.firstSlot(tile);
        if (plan.slots(tile) < lanes) {
            Rows.clear(out, lanes * size);
        }
        for (int slot = 0; slot < plan.slots(tile); slot++) {
            Tiles.transpose(
                    out + 4L * slot, 4L * lanes, x + plan.row(first + slot) * xRow, xRow, 1, size);
        }
    }

    /** The slots' rows of x, side by side: [slots, size]. */
    void gather(int tile, long out, long x, long xRow) {
        int first = plan.firstSlot(tile);
        for (int slot = 0; slot < plan.slots(tile); slot++) {
            Rows.move(out + 4L * slot * size, x + plan.row(first + slot) * xRow, size);
        }
    }

    /** scores = x · across: of each key's row of x with each lane of [size, lanes]. */
    void score(int tile, long scores, long x, long xRow, long across) {
        int lanes = plan.lanes(tile);
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            Tiles.multiply(
                    plan.runLength(run),
                    lanes,
                    size,
                    x + plan.runKey(run) * xRow,
                    plan.runStep(run) * xRow,
                    4,
                    across,
                    4L * lanes,
                    scores + 4L * plan.runColumn(run) * lanes,
                    4L * lanes);
        }
    }

    /** out[slots, size] = scoresᵀ · x: each slot's weighted sum of the keys' rows of x. */
    void weigh(int tile, long out, long scores, long x, long xRow) {
        int lanes = plan.lanes(tile);
        Rows.clear(out, plan.slots(tile) * size);
        for (int from = 0; from < plan.columns(tile); from += PART) {
            int count = Math.min(PART, plan.columns(tile) - from);
            gatherKeys(tile, from, count, x, xRow);
            Tiles.addProduct(
                    plan.slots(tile),
                    size,
                    count,
                    scores + 4L * from * lanes,
                    4,
                    4L * lanes,
                    keys(),
                    4L * size,
                    out,
                    4L * size);
        }
    }

    /**
     * The rows of x of a tile's columns from one on, side by side: a product goes over them several
     * times, and where they come from they may share few sets of the cache.
     */
    private void gatherKeys(int tile, int from, int count, long x, long xRow) {
        long to = keys();
        int run = plan.runOf(tile, from);
        int left = count;
        for (int column = from; left > 0; run++) {
            int skipped = column - plan.runColumn(run);
            int taken = Math.min(left, plan.runLength(run) - skipped);
            long step = plan.runStep(run) * xRow;
            long at = x + plan.runKey(run) * xRow + skipped * step;
            for (int i = 0; i < taken; i++) {
                Rows.move(to, at, size);
                to += 4L * size;
                at += step;
            }
            column += taken;
            left -= taken;
        }
    }

    /** Adds scores · x[slots, size] to the keys' rows of out. */
    void spread(int tile, long out, long outRow, long scores, long x) {
        int lanes = plan.lanes(tile);
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            Tiles.addProduct(
                    plan.runLength(run),
                    size,
                    plan.slots(tile),
                    scores + 4L * plan.runColumn(run) * lanes,
                    4L * lanes,
                    4,
                    x,
                    4L * size,
                    out + plan.runKey(run) * outRow,
                    plan.runStep(run) * outRow);
        }
    }
}
