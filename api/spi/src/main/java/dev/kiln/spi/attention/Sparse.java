package dev.kiln.spi.attention;

import dev.kiln.spi.Stable;

/**
 * Any layout, as compressed rows of spans: row i has the spans {@code rowStart[i]} up to {@code
 * rowStart[i + 1]}, and span s holds the keys {@code [bounds[2 s], bounds[2 s + 1])}. The arrays are
 * read, never written, and belong to the layout from then on.
 */
@Stable
public final class Sparse implements AttentionLayout {
    private final int queries;
    private final int keys;
    private final int[] rowStart;
    private final int[] bounds;

    /**
     * @param rowStart [queries + 1], rising from 0 to the number of spans
     * @param bounds [2 × spans], per row sorted, disjoint, ending at the row's position + 1
     * @throws IllegalArgumentException when the arrays do not say that
     */
    public Sparse(int queries, int keys, int[] rowStart, int[] bounds) {
        AttentionLayout.check(queries, keys);
        this.queries = queries;
        this.keys = keys;
        this.rowStart = rowStart;
        this.bounds = bounds;
        if (rowStart.length != queries + 1
                || rowStart[0] != 0
                || 2 * rowStart[queries] != bounds.length) {
            throw new IllegalArgumentException(
                    "rowStart and bounds do not fit " + queries + " rows");
        }
        for (int row = 0; row < queries; row++) {
            checkRow(row);
        }
    }

    private void checkRow(int row) {
        int end = 0;
        for (int span = 0; span < spans(row); span++) {
            if (from(row, span) < end || to(row, span) <= from(row, span)) {
                throw new IllegalArgumentException(
                        "row " + row + " has spans that overlap or are empty");
            }
            end = to(row, span);
        }
        int position = position(row);
        if (end > position + 1) {
            throw new IllegalArgumentException(
                    "row "
                            + row
                            + " sees position "
                            + (end - 1)
                            + ", later than its own, "
                            + position);
        }
        if (end <= position) {
            throw new IllegalArgumentException(
                    "row " + row + " does not hold its own position, " + position);
        }
    }

    @Override
    public int queries() {
        return queries;
    }

    @Override
    public int keys() {
        return keys;
    }

    @Override
    public int spans(int row) {
        return rowStart[row + 1] - rowStart[row];
    }

    @Override
    public int from(int row, int span) {
        return bounds[2 * (rowStart[row] + span)];
    }

    @Override
    public int to(int row, int span) {
        return bounds[2 * (rowStart[row] + span) + 1];
    }
}
