package dev.kiln.kernels;

import dev.kiln.spi.attention.AttentionLayout;
import java.util.List;

/**
 * Attention of few queries of one head, one at a time, with a cache: reads the visible keys and
 * values, and none besides.
 *
 * @param memory {@link #bytes} of it
 */
record RowForward(
        AttentionLayout layout,
        int size,
        float scale,
        HeadRows queries,
        HeadRows keys,
        HeadRows values,
        HeadRows out,
        long memory) {

    /** Queries up to which this is faster than a tile. */
    static final int ROWS = 3;

    /** What is done for a query, one after the other; called through a list as {@link TileStep}s. */
    private static final List<Step> STEPS =
            List.of(RowForward::score, RowForward::softmax, RowForward::weigh);

    private interface Step {
        void run(RowForward head, int row);
    }

    static long bytes(AttentionLayout layout, int size) {
        int most = 0;
        for (int row = 0; row < layout.queries(); row++) {
            most = Math.max(most, visible(layout, row));
        }
        return KeyRows.bytes(size) + 8L * Lanes.padded(size) + 4L * Lanes.padded(most);
    }

    private static int visible(AttentionLayout layout, int row) {
        int visible = 0;
        for (int span = 0; span < layout.spans(row); span++) {
            visible += layout.to(row, span) - layout.from(row, span);
        }
        return visible;
    }

    /** The query as floats. */
    private long query() {
        return memory + KeyRows.bytes(size);
    }

    /** Out before it is rounded. */
    private long sums() {
        return query() + 4L * Lanes.padded(size);
    }

    private long scores() {
        return sums() + 4L * Lanes.padded(size);
    }

    void run() {
        for (int row = 0; row < layout.queries(); row++) {
            for (Step step : STEPS) {
                step.run(this, row);
            }
        }
    }

    private void score(int row) {
        queries.read(query(), row, size);
        KeyRows visible = new KeyRows(keys, size, memory);
        long to = scores();
        for (int span = 0; span < layout.spans(row); span++) {
            int first = layout.from(row, span);
            int count = layout.to(row, span) - first;
            visible.dots(to, query(), first, count);
            to += 4L * count;
        }
    }

    private void softmax(int row) {
        int visible = visible(layout, row);
        int columns = Lanes.padded(visible);
        ScoreRows.fill(scores(), visible, columns, Float.NEGATIVE_INFINITY);
        float max = ScoreRows.max(scores(), columns);
        float sum = Exponentials.exp(scores(), scores(), columns, max, scale);
        Rows.scale(scores(), scores(), 1 / sum, columns);
    }

    private void weigh(int row) {
        KeyRows visible = new KeyRows(values, size, memory);
        long from = scores();
        Rows.clear(sums(), size);
        for (int span = 0; span < layout.spans(row); span++) {
            int first = layout.from(row, span);
            int count = layout.to(row, span) - first;
            visible.addWeighted(sums(), from, first, count);
            from += 4L * count;
        }
        out.write(row, sums(), size);
    }
}
