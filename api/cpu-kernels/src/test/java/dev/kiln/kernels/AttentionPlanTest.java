package dev.kiln.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.attention.Sparse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttentionPlanTest {

    @Test
    void everySpanIsARangeOfItsTilesColumns() {
        for (AttentionLayout layout :
                List.of(
                        new Causal(1, 1),
                        new Causal(70, 100),
                        new Banded(97, 97, 11),
                        strided(150, 40))) {
            AttentionPlan plan = new AttentionPlan(layout);
            for (int tile = 0; tile < plan.tiles(); tile++) {
                for (int row = plan.firstRow(tile); row < plan.firstRow(tile + 1); row++) {
                    assertEquals(seen(layout, row), seen(plan, tile, row));
                }
            }
        }
    }

    /** Keys of a row by its layout. */
    private static List<Integer> seen(AttentionLayout layout, int row) {
        List<Integer> keys = new ArrayList<>();
        for (int span = 0; span < layout.spans(row); span++) {
            for (int key = layout.from(row, span); key < layout.to(row, span); key++) {
                keys.add(key);
            }
        }
        return keys;
    }

    /** Keys of a row by the runs that its columns belong to. */
    private static List<Integer> seen(AttentionPlan plan, int tile, int row) {
        List<Integer> keys = new ArrayList<>();
        for (int span = plan.firstSpan(row); span < plan.firstSpan(row + 1); span++) {
            for (int column = plan.from(span); column < plan.to(span); column++) {
                keys.add(key(plan, tile, column));
                assertEquals(key(plan, tile, column), column + plan.shift(span));
            }
        }
        return keys;
    }

    private static int key(AttentionPlan plan, int tile, int column) {
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            int offset = column - plan.runColumn(run);
            if (offset >= 0 && offset < plan.runKeys(run)) {
                return plan.runKey(run) + offset;
            }
        }
        throw new AssertionError("column " + column + " is of no run");
    }

    @Test
    void workFollowsTheVisibleKeysNotTheLength() {
        int window = 64;
        long shorter = columns(new Banded(512, 512, window));
        long longer = columns(new Banded(4096, 4096, window));
        assertTrue(longer < 9 * shorter, shorter + " columns, then " + longer);
        assertTrue(columns(strided(2048, 128)) < columns(new Causal(2048, 2048)) / 2);
    }

    private static long columns(AttentionLayout layout) {
        AttentionPlan plan = new AttentionPlan(layout);
        long columns = 0;
        for (int tile = 0; tile < plan.tiles(); tile++) {
            columns += (long) plan.columns(tile) * (plan.firstRow(tile + 1) - plan.firstRow(tile));
        }
        return columns;
    }

    /** Every stride-th key before the query, and itself. */
    private static Sparse strided(int length, int stride) {
        int[] rowStart = new int[length + 1];
        List<Integer> bounds = new ArrayList<>();
        for (int row = 0; row < length; row++) {
            for (int key = row % stride; key <= row; key += stride) {
                bounds.add(key);
                bounds.add(key + 1);
            }
            rowStart[row + 1] = bounds.size() / 2;
        }
        return new Sparse(
                length, length, rowStart, bounds.stream().mapToInt(Integer::intValue).toArray());
    }
}
