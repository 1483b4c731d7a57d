package dev.kiln.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.attention.Sparse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttentionPlanTest {

    @Test
    void tilesShareOutThePairsOfALayout() {
        for (AttentionLayout layout :
                List.of(
                        new Causal(1, 1),
                        new Causal(70, 100),
                        new Causal(600, 1100),
                        new Banded(1200, 1200, 700),
                        new Banded(97, 97, 11),
                        strided(150, 40, 0),
                        strided(1000, 40, 40),
                        strided(300, 3, 3),
                        sparse(200, (i, j) -> Randomness.uniform(i, j / 3) < 0.1 ? 1 : 0))) {
            assertEquals(ofLayout(layout), ofPlan(AttentionPlan.of(layout), layout.queries()));
        }
    }

    /** The keys of each row. */
    private static List<List<Integer>> ofLayout(AttentionLayout layout) {
        List<List<Integer>> rows = new ArrayList<>();
        for (int row = 0; row < layout.queries(); row++) {
            List<Integer> keys = new ArrayList<>();
            for (int span = 0; span < layout.spans(row); span++) {
                IntStream.range(layout.from(row, span), layout.to(row, span)).forEach(keys::add);
            }
            rows.add(keys);
        }
        return rows;
    }

    /** The same of all tiles together: a pair that two tiles had would be there twice. */
    private static List<List<Integer>> ofPlan(AttentionPlan plan, int queries) {
        List<List<Integer>> rows = new ArrayList<>();
        IntStream.range(0, queries).forEach(row -> rows.add(new ArrayList<>()));
        for (int tile = 0; tile < plan.tiles(); tile++) {
            List<Integer> columns = columns(plan, tile);
            for (int slot = plan.firstSlot(tile); slot < plan.firstSlot(tile + 1); slot++) {
                List<Integer> seen = new ArrayList<>(columns);
                for (int gap = plan.firstGap(slot + 1) - 1; gap >= plan.firstGap(slot); gap--) {
                    seen.subList(plan.gapFrom(gap), plan.gapTo(gap)).clear();
                }
                List<Integer> row = rows.get(plan.row(slot));
                assertEquals(!row.isEmpty(), plan.continued(slot));
                row.addAll(seen);
            }
        }
        rows.forEach(row -> row.sort(null));
        return rows;
    }

    /** The keys of a tile's columns. */
    private static List<Integer> columns(AttentionPlan plan, int tile) {
        List<Integer> keys = new ArrayList<>();
        for (int run = plan.firstRun(tile); run < plan.firstRun(tile + 1); run++) {
            assertEquals(keys.size(), plan.runColumn(run));
            for (int i = 0; i < plan.runLength(run); i++) {
                keys.add(plan.runKey(run) + i * plan.runStep(run));
            }
        }
        assertEquals(keys.size(), plan.columns(tile));
        return keys;
    }

    @Test
    void workFollowsTheVisibleKeysNotTheLength() {
        assertFollowsVisible(new Causal(4096, 4096), 1.1);
        assertFollowsVisible(new Banded(4096, 4096, 64), 1.6);
        assertFollowsVisible(strided(4096, 128, 0), 2);
        assertFollowsVisible(strided(4096, 128, 128), 1.6);
        assertFollowsVisible(strided(4096, 16, 16), 1.6);
    }

    /**
     * @param factor how many scores a plan may compute for a visible pair
     */
    private static void assertFollowsVisible(AttentionLayout layout, double factor) {
        AttentionPlan plan = AttentionPlan.of(layout);
        long scores = 0;
        for (int tile = 0; tile < plan.tiles(); tile++) {
            scores += (long) plan.columns(tile) * plan.lanes(tile);
        }
        double ratio = (double) scores / layout.visible();
        assertTrue(ratio < factor, ratio + " scores a visible pair");
    }

    @Test
    void memoryFollowsTheVisibleKeysOfATile() {
        assertEquals(64 * 512, AttentionPlan.of(new Causal(8192, 8192)).scoreFloats());
        assertEquals(64 * (256 + 63), AttentionPlan.of(new Banded(8192, 8192, 256)).scoreFloats());
        assertEquals(32 * (64 + 31), AttentionPlan.of(new Banded(8192, 8192, 64)).scoreFloats());
    }

    @Test
    void rowsThatShareEveryStridethKeyAreTogether() {
        AttentionPlan summary = AttentionPlan.of(strided(4096, 128, 0));
        assertEquals(summary.tiles() / 2, summary.cut(1, 2));
        assertEquals(1, summary.firstRun(1));
        assertEquals(128, summary.runStep(0));
        AttentionPlan both = AttentionPlan.of(strided(4096, 128, 128));
        assertTrue(both.cut(1, 2) > both.tiles() / 2);
    }

    @Test
    void partsOfAPlanShareNoRows() {
        AttentionPlan plan = AttentionPlan.of(new Causal(2000, 2000));
        for (int part = 0; part <= 7; part++) {
            int tile = plan.cut(part, 7);
            assertTrue(tile == plan.tiles() || !plan.continued(plan.firstSlot(tile)));
        }
        assertEquals(0, plan.cut(0, 7));
        assertEquals(plan.tiles(), plan.cut(7, 7));
    }

    /** Every stride-th key, the last {@code near}, and the query itself. */
    private static Sparse strided(int length, int stride, int near) {
        return sparse(length, (i, j) -> (i - j) % stride == 0 || i - j < near ? 1 : 0);
    }

    private static Sparse sparse(int length, IntBinaryOperator visible) {
        int[] rowStart = new int[length + 1];
        List<Integer> bounds = new ArrayList<>();
        for (int row = 0; row < length; row++) {
            int from = -1;
            for (int key = 0; key <= row; key++) {
                boolean seen = key == row || visible.applyAsInt(row, key) == 1;
                if (seen && from < 0) {
                    from = key;
                } else if (!seen && from >= 0) {
                    bounds.addAll(List.of(from, key));
                    from = -1;
                }
            }
            bounds.addAll(List.of(from, row + 1));
            rowStart[row + 1] = bounds.size() / 2;
        }
        return new Sparse(
                length, length, rowStart, bounds.stream().mapToInt(Integer::intValue).toArray());
    }
}
