package dev.kiln.kernels;

import dev.kiln.spi.attention.AttentionLayout;

/**
 * Attention of few queries of one head, one at a time, with a cache: reads the visible keys and
 * values, and none besides. Addresses as in {@link HeadForward}.
 *
 * @param scores memory for a row of scores, of {@link #bytes}
 */
record RowForward(
        AttentionLayout layout,
        int size,
        float scale,
        long queries,
        long queryRow,
        long keys,
        long values,
        long keyRow,
        long out,
        long outRow,
        long scores) {

    /** Queries up to which this is faster than a tile. */
    static final int ROWS = 3;

    static long bytes(AttentionLayout layout) {
        int most = 0;
        for (int row = 0; row < layout.queries(); row++) {
            most = Math.max(most, visible(layout, row));
        }
        return 4L * Lanes.padded(most);
    }

    private static int visible(AttentionLayout layout, int row) {
        int visible = 0;
        for (int span = 0; span < layout.spans(row); span++) {
            visible += layout.to(row, span) - layout.from(row, span);
        }
        return visible;
    }

    void run() {
        for (int row = 0; row < layout.queries(); row++) {
            int visible = score(row, queries + row * queryRow);
            int columns = Lanes.padded(visible);
            ScoreRows.fill(scores, visible, columns, Float.NEGATIVE_INFINITY);
            float max = ScoreRows.max(scores, columns);
            float sum = Exponentials.exp(scores, scores, columns, scale, -scale * max);
            long to = out + row * outRow;
            Rows.clear(to, size);
            weigh(row, to);
            Rows.scale(to, to, 1 / sum, size);
        }
    }

    private int score(int row, long query) {
        long to = scores;
        for (int span = 0; span < layout.spans(row); span++) {
            int first = layout.from(row, span);
            int count = layout.to(row, span) - first;
            Rows.dots(to, query, keys + first * keyRow, keyRow, count, size);
            to += 4L * count;
        }
        return (int) ((to - scores) / 4);
    }

    private void weigh(int row, long to) {
        long from = scores;
        for (int span = 0; span < layout.spans(row); span++) {
            int first = layout.from(row, span);
            int count = layout.to(row, span) - first;
            Tiles.addProduct(
                    1, size, count, from, 0, 4, values + first * keyRow, keyRow, to, outRow);
            from += 4L * count;
        }
    }
}
