package dev.kiln.kernels;

import dev.kiln.spi.backend.DType;

/**
 * Memory of one worker for a tile of a head, and the products that its runs of keys take part in:
 * long ones by a library, short ones by loops over floats. A tile's rows of queries are gathered, so
 * that keys and values can stay where they are.
 *
 * @param size of a head
 * @param panels matrices of rows or lanes by size, at {@link #panel}
 * @param tiles of scores, [columns, lanes], at {@link #scores}
 * @param memory {@link #bytes} of it, at a multiple of a vector's length
 */
record HeadTile(
        AttentionPlan plan, LongProducts products, int size, int panels, int tiles, long memory) {
    private static final int PART = 64;
    private static final int LANES = Lanes.padded(AttentionPlan.MOST_ROWS);

    /** Panels of its own. */
    private static final int OWN = 2;

    /** What it needs of a worker's memory. */
    long bytes() {
        return gaps() - memory + Gaps.bytes(plan.mostColumns());
    }

    private long scoreBytes() {
        return 4L * plan.scoreFloats();
    }

    private long factorBytes() {
        return rounds() ? Lanes.padded(plan.scoreFloats() / 2) * 4L : 0;
    }

    private boolean rounds() {
        return products.type() == DType.BFLOAT16;
    }

    private long panelBytes() {
        return 4L * LANES * Lanes.padded(size);
    }

    /** One float a lane, of four. */
    long lane(int which) {
        return memory + 4L * LANES * which;
    }

    /** Keys or values of a part of the columns. */
    private long part() {
        return lane(4);
    }

    private long own(int which) {
        return part() + 4L * PART * Lanes.padded(size) + panelBytes() * which;
    }

    long panel(int which) {
        return own(OWN + which);
    }

    long scores(int which) {
        return panel(panels) + scoreBytes() * which;
    }

    /** Scores as a library takes them, see {@link #round}. */
    long factors(int which) {
        return rounds() ? scores(tiles) + factorBytes() * which : scores(which);
    }

    /** Where a tile's {@link Gaps} are found. */
    long gaps() {
        return scores(0) + tiles * (scoreBytes() + factorBytes());
    }

    /** The slots' vectors as stored, side by side: [lanes, size], 0 in lanes without a slot. */
    void gather(int tile, long panel, HeadRows x) {
        int first = plan.firstSlot(tile);
        long row = (long) x.type().bytes() * size;
        int slots = plan.slots(tile);
        for (int slot = 0; slot < slots; slot++) {
            Lanes.copy(panel + slot * row, x.at(plan.row(first + slot)), row);
        }
        long rest = row * (plan.lanes(tile) - slots); // to a whole float: a panel has room
        Rows.clear(panel + slots * row, Math.toIntExact((rest + 3) / 4));
    }

    /** scores = x · queries: of each key's vector with each lane of a panel. */
    void score(int tile, int which, HeadRows x, long queries) {
        int lanes = plan.lanes(tile);
        long across = 0;
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            long to = scores(which) + 4L * plan.runColumn(run) * lanes;
            if (isLong(tile, run)) {
                products.score(
                        to,
                        x.at(plan.runKey(run)),
                        x.lead(plan.runStep(run)),
                        queries,
                        plan.runLength(run),
                        lanes,
                        size);
            } else {
                across = across == 0 ? transposed(queries, lanes) : across;
                scoreShort(to, run, lanes, x, across);
            }
        }
    }

    private boolean isLong(int tile, int run) {
        return products.worth(plan.runLength(run), plan.slots(tile), size);
    }

    /** Whether scores needn't stay floats, as no loop will read them. */
    boolean roundsAtOnce(int tile) {
        boolean allLong = rounds();
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            allLong &= isLong(tile, run);
        }
        return allLong;
    }

    /** A panel's floats. */
    private long floats(long panel, int lanes) {
        if (!rounds()) {
            return panel;
        }
        Bfloat16.widen(own(0), panel, lanes * size);
        return own(0);
    }

    /** A panel's floats, [size, lanes]. */
    private long transposed(long panel, int lanes) {
        Tiles.transpose(own(1), 4L * lanes, floats(panel, lanes), 4L * size, lanes, size);
        return own(1);
    }

    private void scoreShort(long scores, int run, int lanes, HeadRows x, long across) {
        int step = plan.runStep(run);
        long row = rounds() ? 4L * size : step * x.row();
        for (int from = 0; from < plan.runLength(run); from += PART) {
            int count = Math.min(PART, plan.runLength(run) - from);
            int key = plan.runKey(run) + from * step;
            Tiles.multiply(
                    count,
                    lanes,
                    size,
                    floats(x, key, step, count),
                    row,
                    4,
                    across,
                    4L * lanes,
                    scores + 4L * from * lanes,
                    4L * lanes);
        }
    }

    /** Some of a run's vectors as floats: where they are, if they are floats. */
    private long floats(HeadRows x, int key, int step, int count) {
        if (!rounds()) {
            return x.at(key);
        }
        for (int i = 0; i < count; i++) {
            x.read(part() + 4L * i * size, key + i * step, size);
        }
        return part();
    }

    /** Makes scores fit for {@link #weigh} and {@link #spread}. */
    void round(int tile, int which) {
        if (rounds()) {
            Bfloat16.narrow(factors(which), scores(which), plan.columns(tile) * plan.lanes(tile));
        }
    }

    /** out[slots, size] = scoresᵀ · x: each slot's weighted sum of the keys' vectors. */
    void weigh(int tile, long out, int which, HeadRows x) {
        int lanes = plan.lanes(tile);
        Rows.clear(out, plan.slots(tile) * size);
        int shortFrom = 0;
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            int column = plan.runColumn(run);
            if (isLong(tile, run)) {
                weighShort(tile, out, which, x, shortFrom, column);
                shortFrom = column + plan.runLength(run);
                products.weigh(
                        out,
                        factors(which) + (long) products.type().bytes() * column * lanes,
                        lanes,
                        x.at(plan.runKey(run)),
                        x.lead(plan.runStep(run)),
                        plan.slots(tile),
                        plan.runLength(run),
                        size);
            }
        }
        weighShort(tile, out, which, x, shortFrom, plan.columns(tile));
    }

    private void weighShort(int tile, long out, int which, HeadRows x, int begin, int end) {
        int lanes = plan.lanes(tile);
        for (int from = begin; from < end; from += PART) {
            int count = Math.min(PART, end - from);
            gatherKeys(tile, from, count, x);
            Tiles.addProduct(
                    plan.slots(tile),
                    size,
                    count,
                    scores(which) + 4L * from * lanes,
                    4,
                    4L * lanes,
                    part(),
                    4L * size,
                    out,
                    4L * size);
        }
    }

    /**
     * The vectors of a tile's columns from one on, side by side: a product goes over them several
     * times, and where they come from they may share few sets of the cache.
     */
    private void gatherKeys(int tile, int from, int count, HeadRows x) {
        long to = part();
        int run = plan.runOf(tile, from);
        int left = count;
        for (int column = from; left > 0; run++) {
            int skipped = column - plan.runColumn(run);
            int taken = Math.min(left, plan.runLength(run) - skipped);
            for (int i = 0; i < taken; i++) {
                x.read(to, plan.runKey(run) + (skipped + i) * plan.runStep(run), size);
                to += 4L * size;
            }
            column += taken;
            left -= taken;
        }
    }

    /** Adds scores · panel[slots, size] to the keys' vectors of out, which are floats. */
    void spread(int tile, HeadRows out, int which, long panel) {
        int lanes = plan.lanes(tile);
        long floats = 0;
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            int column = plan.runColumn(run);
            if (isLong(tile, run)) {
                products.spread(
                        out.at(plan.runKey(run)),
                        out.lead(plan.runStep(run)),
                        factors(which) + (long) products.type().bytes() * column * lanes,
                        lanes,
                        panel,
                        plan.slots(tile),
                        plan.runLength(run),
                        size);
            } else {
                floats = floats == 0 ? floats(panel, lanes) : floats;
                spreadShort(tile, out, run, scores(which) + 4L * column * lanes, floats);
            }
        }
    }

    private void spreadShort(int tile, HeadRows out, int run, long scores, long floats) {
        Tiles.addProduct(
                plan.runLength(run),
                size,
                plan.slots(tile),
                scores,
                4L * plan.lanes(tile),
                4,
                floats,
                4L * size,
                out.at(plan.runKey(run)),
                plan.runStep(run) * out.row());
    }
}
