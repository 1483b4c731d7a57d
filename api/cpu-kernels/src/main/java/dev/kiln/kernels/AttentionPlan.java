package dev.kiln.kernels;

import dev.kiln.spi.attention.AttentionLayout;
import java.util.Arrays;

/**
 * A layout as tiles of query rows. What any row of a tile sees, rounded outward to whole vectors,
 * is a list of runs of keys; laid side by side they are the tile's columns, and each span of a row
 * is a range of those columns. So work follows the visible keys, whatever the pattern.
 */
final class AttentionPlan {
    private static final int TILE_ROWS = 32;

    private final int queries;
    private final int keys;
    private final int[] tileRuns;
    private final int[] tileColumns;
    private final int[] rowSpans;
    private final IntList runKey = new IntList();
    private final IntList runColumn = new IntList();
    private final IntList runLength = new IntList();
    private final IntList spanFrom = new IntList();
    private final IntList spanTo = new IntList();
    private final IntList spanShift = new IntList();
    private final int[] covered;
    private final int[] columnOfBlock;
    private int widestTile;

    AttentionPlan(AttentionLayout layout) {
        queries = layout.queries();
        keys = layout.keys();
        tileRuns = new int[tiles() + 1];
        tileColumns = new int[tiles()];
        rowSpans = new int[queries + 1];
        covered = new int[Lanes.padded(keys) / Lanes.COUNT + 1];
        columnOfBlock = new int[covered.length];
        for (int tile = 0; tile < tiles(); tile++) {
            cover(layout, tile);
            tileColumns[tile] = layOut();
            widestTile = Math.max(widestTile, tileColumns[tile]);
            tileRuns[tile + 1] = runKey.size();
            place(layout, tile);
        }
    }

    /** Counts up and down where spans begin and end, in blocks of a vector's length. */
    private void cover(AttentionLayout layout, int tile) {
        Arrays.fill(covered, 0);
        for (int row = firstRow(tile); row < firstRow(tile + 1); row++) {
            for (int span = 0; span < layout.spans(row); span++) {
                covered[layout.from(row, span) / Lanes.COUNT]++;
                covered[(layout.to(row, span) - 1) / Lanes.COUNT + 1]--;
            }
        }
    }

    /** Makes a run of each stretch of covered blocks; returns the tile's columns. */
    private int layOut() {
        int column = 0;
        int depth = 0;
        int begun = -1;
        for (int block = 0; block < covered.length; block++) {
            depth += covered[block];
            columnOfBlock[block] = column;
            if (depth > 0 && begun < 0) {
                begun = block;
            }
            if (depth == 0 && begun >= 0) {
                int length = (block - begun) * Lanes.COUNT;
                runKey.add(begun * Lanes.COUNT);
                runColumn.add(column - length);
                runLength.add(length);
                begun = -1;
            }
            column += depth > 0 ? Lanes.COUNT : 0;
        }
        return column;
    }

    private void place(AttentionLayout layout, int tile) {
        for (int row = firstRow(tile); row < firstRow(tile + 1); row++) {
            for (int span = 0; span < layout.spans(row); span++) {
                int block = layout.from(row, span) / Lanes.COUNT;
                int shift = block * Lanes.COUNT - columnOfBlock[block];
                spanFrom.add(layout.from(row, span) - shift);
                spanTo.add(layout.to(row, span) - shift);
                spanShift.add(shift);
            }
            rowSpans[row + 1] = spanFrom.size();
        }
    }

    int queries() {
        return queries;
    }

    int keys() {
        return keys;
    }

    int tiles() {
        return (queries + TILE_ROWS - 1) / TILE_ROWS;
    }

    /** First row of a tile; for the number of tiles, the number of rows. */
    int firstRow(int tile) {
        return Math.min(queries, tile * TILE_ROWS);
    }

    /** Rows of the largest tile. */
    int tileRows() {
        return Math.min(queries, TILE_ROWS);
    }

    /** Columns of the widest tile. */
    int widestTile() {
        return widestTile;
    }

    /** Columns of a tile: a multiple of a vector's length. */
    int columns(int tile) {
        return tileColumns[tile];
    }

    /** A tile's runs are [firstRun(tile), firstRun(tile + 1)). */
    int firstRun(int tile) {
        return tileRuns[tile];
    }

    int runKey(int run) {
        return runKey.get(run);
    }

    int runColumn(int run) {
        return runColumn.get(run);
    }

    /** Keys of a run: a multiple of a vector's length, which may go past the last key. */
    int runLength(int run) {
        return runLength.get(run);
    }

    /** Keys of a run that exist. */
    int runKeys(int run) {
        return Math.min(runLength(run), keys - runKey(run));
    }

    /** A row's spans are [firstSpan(row), firstSpan(row + 1)). */
    int firstSpan(int row) {
        return rowSpans[row];
    }

    /** First column of a span. */
    int from(int span) {
        return spanFrom.get(span);
    }

    /** One past the last column of a span. */
    int to(int span) {
        return spanTo.get(span);
    }

    /** What a span's columns lack to be keys. */
    int shift(int span) {
        return spanShift.get(span);
    }

    /** Ints that grow in number. */
    private static final class IntList {
        private int[] items = new int[16];
        private int size;

        void add(int item) {
            if (size == items.length) {
                items = Arrays.copyOf(items, 2 * size);
            }
            items[size++] = item;
        }

        int get(int index) {
            return items[index];
        }

        int size() {
            return size;
        }
    }
}
