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
    private static final int PART = 128;
    private static final int LANES = Lanes.padded(AttentionPlan.TILE_ROWS);

    /** Bytes a worker for so many tiles of scores, and as many panels. */
    static long bytes(AttentionPlan plan, int size, int scores) {
        return scores * scoreBytes(plan) + 3 * scores * panelBytes(size) + 4 * 4L * LANES;
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

    long panel(int which) {
        return lane(4) + panelBytes(size) * which;
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
            Rows.copy(out + 4L * slot * size, x + plan.row(first + slot) * xRow, size);
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
        int slots = plan.slots(tile);
        Rows.clear(out, slots * size);
        eachPart(
                tile,
                (column, count, key, step) ->
                        Tiles.addProduct(
                                slots,
                                size,
                                count,
                                scores + 4L * column * lanes,
                                4,
                                4L * lanes,
                                x + key * xRow,
                                step * xRow,
                                out,
                                4L * size));
    }

    /** Adds scores · x[slots, size] to the keys' rows of out. */
    void spread(int tile, long out, long outRow, long scores, long x) {
        int lanes = plan.lanes(tile);
        eachPart(
                tile,
                (column, count, key, step) ->
                        Tiles.addProduct(
                                count,
                                size,
                                plan.slots(tile),
                                scores + 4L * column * lanes,
                                4L * lanes,
                                4,
                                x,
                                4L * size,
                                out + key * outRow,
                                step * outRow));
    }

    private interface Part {
        void run(int column, int count, long key, long step);
    }

    /** Runs in parts, since a product goes over its operands several times. */
    private void eachPart(int tile, Part part) {
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            int length = plan.runLength(run);
            long step = plan.runStep(run);
            for (int from = 0; from < length; from += PART) {
                part.run(
                        plan.runColumn(run) + from,
                        Math.min(PART, length - from),
                        plan.runKey(run) + from * step,
                        step);
            }
        }
    }
}
