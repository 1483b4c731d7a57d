package dev.kiln.kernels;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Sparse;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Finds rows that share their keys. Neighbours mostly do; where few of a tile's rows see the keys of
 * a span, as with every stride-th key, the span is scattered. Rows whose first scattered keys are
 * the same are put together in tiles of their own, if that makes less work.
 */
final class PlanBuilder {
    private static final int FEW = 8;

    /** Keys a row that are worth tiles of more rows. */
    private static final int LONG = 96;

    /** Two tiles of scores, and their rounded copies, stay in a core's second cache. */
    private static final int MOST_COLUMNS = 512;

    private final AttentionLayout layout;
    private final Coverage coverage;
    private final BitSet scattered = new BitSet();
    private final int[] firstSpan;
    private final IntList begins = new IntList();
    private final IntList ends = new IntList();
    private final IntList columns = new IntList();

    PlanBuilder(AttentionLayout layout) {
        this.layout = layout;
        coverage = new Coverage(layout.keys());
        firstSpan = new int[layout.queries() + 1];
        for (int row = 0; row < layout.queries(); row++) {
            firstSpan[row + 1] = firstSpan[row] + layout.spans(row);
        }
    }

    AttentionPlan build() {
        return layout instanceof Sparse ? ofSparse() : ofStretches();
    }

    /** Each row sees one stretch, and so do rows together: long ones are cut into columns. */
    private AttentionPlan ofStretches() {
        AttentionPlan plan = new AttentionPlan(layout.queries(), layout.keys());
        boolean isLong = layout.visible() >= (long) LONG * layout.queries();
        int rows = isLong ? AttentionPlan.MOST_ROWS : AttentionPlan.TILE_ROWS;
        for (int first = 0; first < layout.queries(); first += rows) {
            int end = Math.min(layout.queries(), first + rows);
            int from = layout.from(first, 0);
            int columns = layout.to(end - 1, 0) - from;
            int parts = (columns + MOST_COLUMNS - 1) / MOST_COLUMNS;
            int length = ((columns + parts - 1) / parts + 63) / 64 * 64;
            for (int begin = 0; begin < columns; begin += length) {
                int count = Math.min(length, columns - begin);
                addStretch(plan, first, end, from + begin, count);
            }
        }
        return plan;
    }

    private void addStretch(AttentionPlan plan, int first, int end, int key, int count) {
        plan.addRun(key, count, 0);
        for (int row = first; row < end; row++) {
            int from = Math.clamp(layout.from(row, 0) - key, 0, count);
            int to = Math.clamp(layout.to(row, 0) - key, 0, count);
            if (from < to) {
                plan.addGap(0, from);
                plan.addGap(to, count);
                plan.endSlot(row);
            }
        }
        plan.endTile(count);
    }

    private AttentionPlan ofSparse() {
        int[] rows = IntStream.range(0, layout.queries()).toArray();
        findScattered();
        if (scattered.isEmpty()) {
            return inOrder(rows);
        }
        AttentionPlan parted = new AttentionPlan(layout.queries(), layout.keys());
        addTiles(parted, rows(rows, false), false);
        addGroups(parted, rows(rows, true));
        scattered.clear();
        AttentionPlan whole = inOrder(rows);
        return parted.cost() < whole.cost() ? parted : whole;
    }

    private AttentionPlan inOrder(int[] rows) {
        AttentionPlan plan = new AttentionPlan(layout.queries(), layout.keys());
        addTiles(plan, rows, false);
        return plan;
    }

    private void findScattered() {
        for (int from = 0; from < layout.queries(); from += AttentionPlan.TILE_ROWS) {
            int to = Math.min(layout.queries(), from + AttentionPlan.TILE_ROWS);
            for (int row = from; row < to; row++) {
                for (int span = 0; span < layout.spans(row); span++) {
                    coverage.add(layout.from(row, span), layout.to(row, span));
                }
            }
            coverage.count();
            for (int row = from; row < to; row++) {
                for (int span = 0; span < layout.spans(row); span++) {
                    double seen = coverage.mean(layout.from(row, span), layout.to(row, span));
                    scattered.set(firstSpan[row] + span, seen * FEW <= to - from);
                }
            }
            coverage.clear();
        }
    }

    /** Those that have such spans. */
    private int[] rows(int[] rows, boolean ofScattered) {
        return Arrays.stream(rows).filter(row -> first(row, ofScattered) >= 0).toArray();
    }

    /** The first key of a row's first such span, or -1. */
    private int first(int row, boolean ofScattered) {
        for (int span = 0; span < layout.spans(row); span++) {
            if (scattered.get(firstSpan[row] + span) == ofScattered) {
                return layout.from(row, span);
            }
        }
        return -1;
    }

    private void addGroups(AttentionPlan plan, int[] rows) {
        long[] order = new long[rows.length];
        Arrays.setAll(order, i -> (long) first(rows[i], true) << 32 | rows[i]);
        Arrays.sort(order);
        int from = 0;
        for (int i = 1; i <= order.length; i++) {
            if (i == order.length || order[i] >>> 32 != order[from] >>> 32) {
                addTiles(
                        plan,
                        Arrays.stream(order, from, i).mapToInt(row -> (int) row).toArray(),
                        true);
                from = i;
            }
        }
    }

    private void addTiles(AttentionPlan plan, int[] rows, boolean ofScattered) {
        for (int from = 0; from < rows.length; from += AttentionPlan.TILE_ROWS) {
            int to = Math.min(rows.length, from + AttentionPlan.TILE_ROWS);
            addTile(plan, Arrays.copyOfRange(rows, from, to), ofScattered);
        }
    }

    private void addTile(AttentionPlan plan, int[] rows, boolean ofScattered) {
        for (int row : rows) {
            for (int span = 0; span < layout.spans(row); span++) {
                if (scattered.get(firstSpan[row] + span) == ofScattered) {
                    coverage.add(layout.from(row, span), layout.to(row, span));
                }
            }
        }
        begins.clear();
        ends.clear();
        coverage.stretches(begins, ends);
        coverage.clear();
        int width = addRuns(plan);
        for (int row : rows) {
            addSlot(plan, row, ofScattered, width);
        }
        plan.endTile(width);
    }

    private int addRuns(AttentionPlan plan) {
        columns.clear();
        int column = 0;
        for (int i = 0; i < begins.size(); i++) {
            int length = ends.get(i) - begins.get(i);
            columns.add(column);
            plan.addRun(begins.get(i), length, column);
            column += length;
        }
        return column;
    }

    private void addSlot(AttentionPlan plan, int row, boolean ofScattered, int width) {
        int end = 0;
        for (int span = 0; span < layout.spans(row); span++) {
            if (scattered.get(firstSpan[row] + span) == ofScattered) {
                int from = layout.from(row, span);
                int run = begins.floor(from);
                int column = columns.get(run) + from - begins.get(run);
                plan.addGap(end, column);
                end = column + layout.to(row, span) - from;
            }
        }
        plan.addGap(end, width);
        plan.endSlot(row);
    }
}
