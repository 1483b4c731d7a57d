package dev.kiln.kernels;

import dev.kiln.spi.attention.AttentionLayout;
import java.util.BitSet;

/**
 * A layout as tiles. A tile has up to {@link #MOST_ROWS} query rows, its slots, and the keys that
 * any of them sees, which laid side by side are its columns: a few runs of keys at equal distances.
 * What a slot does not see of them are its gaps. A row may be in several tiles, which then share
 * out its visible keys. So work and memory follow the visible keys, whatever the pattern.
 */
final class AttentionPlan {
    static final int TILE_ROWS = 32;

    /**
     * Rows of a tile whose rows see long stretches: products of more are hardly faster. As many as a
     * long has bits.
     */
    static final int MOST_ROWS = 64;

    private final int queries;
    private final int keys;
    private final int[] firstTile;
    private final BitSet begun = new BitSet();
    private final BitSet joined = new BitSet();
    private final BitSet continued = new BitSet();
    private final IntList tileSlots = new IntList();
    private final IntList tileRuns = new IntList();
    private final IntList tileColumns = new IntList();
    private final IntList slotRow = new IntList();
    private final IntList slotGaps = new IntList();
    private final IntList runKey = new IntList();
    private final IntList runStep = new IntList();
    private final IntList runLength = new IntList();
    private final IntList runColumn = new IntList();
    private final IntList gapFrom = new IntList();
    private final IntList gapTo = new IntList();
    private int scoreFloats;
    private int mostColumns;
    private long cost;

    AttentionPlan(int queries, int keys) {
        this.queries = queries;
        this.keys = keys;
        firstTile = new int[queries];
        tileSlots.add(0);
        tileRuns.add(0);
        slotGaps.add(0);
    }

    static AttentionPlan of(AttentionLayout layout) {
        return new PlanBuilder(layout).build();
    }

    void addRun(int key, int length, int column) {
        int last = runKey.size() - 1;
        boolean inTile = last >= tileRuns.last();
        if (length == 1 && inTile && continuesSteps(last, key)) {
            runStep.set(last, (key - runKey.get(last)) / runLength.get(last));
            runLength.set(last, runLength.get(last) + 1);
            return;
        }
        runKey.add(key);
        runStep.add(1);
        runLength.add(length);
        runColumn.add(column);
    }

    /** Whether single keys so far, and this one, are at equal distances. */
    private boolean continuesSteps(int run, int key) {
        int length = runLength.get(run);
        int step = runStep.get(run);
        return length == 1 || step > 1 && key == runKey.get(run) + length * step;
    }

    void addGap(int from, int to) {
        if (from < to) {
            gapFrom.add(from);
            gapTo.add(to);
        }
    }

    void endSlot(int row) {
        if (begun.get(row)) {
            continued.set(slotRow.size());
            joined.set(firstTile[row] + 1, tiles() + 1);
        } else {
            begun.set(row);
            firstTile[row] = tiles();
        }
        slotRow.add(row);
        slotGaps.add(gapFrom.size());
    }

    void endTile(int columns) {
        tileSlots.add(slotRow.size());
        tileRuns.add(runKey.size());
        tileColumns.add(columns);
        int lanes = lanes(tiles() - 1);
        mostColumns = Math.max(mostColumns, columns);
        scoreFloats = Math.max(scoreFloats, lanes * columns);
        cost += (long) lanes * (columns + TILE_ROWS / 2); // what a tile costs beside its columns
    }

    /** What work is proportional to, to compare plans of a layout. */
    long cost() {
        return cost;
    }

    int queries() {
        return queries;
    }

    int keys() {
        return keys;
    }

    int tiles() {
        return tileColumns.size();
    }

    /** The tile that a part begins with, if tiles that share rows are to be of one part. */
    int cut(int part, int parts) {
        return Math.min(tiles(), joined.nextClearBit(Workers.cut(tiles(), part, parts)));
    }

    /** Floats of the largest tile's scores, [columns, lanes]. */
    int scoreFloats() {
        return scoreFloats;
    }

    /** Columns of the widest tile. */
    int mostColumns() {
        return mostColumns;
    }

    /** Slots of a tile, rounded up to whole vectors. */
    int lanes(int tile) {
        return Lanes.padded(slots(tile));
    }

    int columns(int tile) {
        return tileColumns.get(tile);
    }

    /** A tile's slots are [firstSlot(tile), firstSlot(tile + 1)). */
    int firstSlot(int tile) {
        return tileSlots.get(tile);
    }

    int slots(int tile) {
        return firstSlot(tile + 1) - firstSlot(tile);
    }

    int row(int slot) {
        return slotRow.get(slot);
    }

    /** Whether an earlier tile has other keys of the slot's row. */
    boolean continued(int slot) {
        return continued.get(slot);
    }

    /** A slot's gaps are [firstGap(slot), firstGap(slot + 1)), in columns. */
    int firstGap(int slot) {
        return slotGaps.get(slot);
    }

    int gapFrom(int gap) {
        return gapFrom.get(gap);
    }

    int gapTo(int gap) {
        return gapTo.get(gap);
    }

    /** A tile's runs are [firstRun(tile), firstRun(tile + 1)). */
    int firstRun(int tile) {
        return tileRuns.get(tile);
    }

    /** The run that has a tile's column. */
    int runOf(int tile, int column) {
        int low = firstRun(tile);
        int high = firstRun(tile + 1) - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (runColumn.get(middle) <= column) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    int runKey(int run) {
        return runKey.get(run);
    }

    /** From one key of a run to the next. */
    int runStep(int run) {
        return runStep.get(run);
    }

    int runLength(int run) {
        return runLength.get(run);
    }

    int runColumn(int run) {
        return runColumn.get(run);
    }
}
