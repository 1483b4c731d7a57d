package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.AttentionPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * What every attention pattern keeps. Subclass it in a plugin's tests, once for each set of options
 * that matters. A failure names the broken clause and the layer, row and lengths.
 */
@Experimental
public abstract class AttentionPatternContract implements FactoryClauses {
    private static final int[] LENGTHS = {1, 2, 3, 7, 16, 31, 64, 130};

    /** The pattern to try; may be the same one at every call. */
    protected abstract AttentionPattern pattern();

    /** How many layers to ask for: enough to see what differs between them. */
    protected int layers() {
        return 4;
    }

    @Test
    void layoutsHaveTheLengthsAskedFor() {
        everyLayout(
                (asked, layout) -> {
                    assertEquals(asked.queries(), layout.queries(), asked + " has other queries");
                    assertEquals(
                            asked.keys(),
                            layout.keys(),
                            "broken clause: no row sees the future; " + asked + " has other keys");
                });
    }

    @Test
    void everyRowHoldsItselfAndNothingLater() {
        everyLayout(
                (asked, layout) -> {
                    for (int row = 0; row < layout.queries(); row++) {
                        int position = asked.keys() - asked.queries() + row;
                        List<Integer> keys = keys(layout, row);
                        assertTrue(
                                keys.contains(position),
                                "broken clause: a row holds itself; row " + row + " of " + asked);
                        assertEquals(
                                position,
                                keys.getLast(),
                                "broken clause: no row sees the future; row "
                                        + row
                                        + " of "
                                        + asked);
                    }
                });
    }

    @Test
    void spansAreSortedDisjointAndNotEmpty() {
        everyLayout(
                (asked, layout) -> {
                    for (int row = 0; row < layout.queries(); row++) {
                        String where =
                                "broken clause: spans are sorted and disjoint; row " + row + asked;
                        assertTrue(layout.spans(row) >= 1, where);
                        int end = 0;
                        for (int span = 0; span < layout.spans(row); span++) {
                            assertTrue(layout.from(row, span) >= end, where);
                            assertTrue(layout.to(row, span) > layout.from(row, span), where);
                            end = layout.to(row, span);
                        }
                    }
                });
    }

    @Test
    void visibleCountsThePairs() {
        everyLayout(
                (asked, layout) -> {
                    long pairs = rows(layout).stream().mapToLong(List::size).sum();
                    assertEquals(
                            pairs, layout.visible(), "broken clause: visible() counts; " + asked);
                });
    }

    @Test
    void aRowIsTheSameWithACacheAndWithout() {
        for (int layer = 0; layer < layers(); layer++) {
            for (int keys : LENGTHS) {
                List<List<Integer>> whole = rows(layout(new Asked(layer, keys, keys)));
                for (int queries = 1; queries <= keys; queries++) {
                    Asked asked = new Asked(layer, queries, keys);
                    assertEquals(
                            whole.subList(keys - queries, keys),
                            rows(layout(asked)),
                            "broken clause: a row doesn't depend on queries; " + asked);
                }
            }
        }
    }

    @Test
    void aRowIsTheSameWhateverComesLater() {
        for (int layer = 0; layer < layers(); layer++) {
            int longest = LENGTHS[LENGTHS.length - 1];
            List<List<Integer>> whole = rows(layout(new Asked(layer, longest, longest)));
            for (int keys = 1; keys <= longest; keys++) {
                Asked asked = new Asked(layer, 1, keys);
                assertEquals(
                        whole.subList(keys - 1, keys),
                        rows(layout(asked)),
                        "broken clause: the row of a position is the same alone, with a cache and"
                                + " with all others; "
                                + asked);
            }
        }
    }

    @Test
    void argumentsOutOfRangeThrow() {
        for (Asked bad :
                List.of(
                        new Asked(-1, 1, 1),
                        new Asked(0, 0, 1),
                        new Asked(0, -1, 1),
                        new Asked(0, 2, 1))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> pattern().layout(bad.layer(), bad.queries(), bad.keys()),
                    "broken clause: an argument out of range throws; " + bad);
        }
    }

    @Test
    void layoutsNeverChangeAndThreadsGetTheSame() throws Exception {
        AttentionPattern pattern = pattern();
        AttentionLayout first = pattern.layout(0, 17, 31);
        List<List<Integer>> before = rows(first);
        for (var rows : Concurrently.call(() -> rows(pattern.layout(0, 17, 31)))) {
            assertEquals(before, rows, "broken clause: immutable and thread-safe");
        }
        pattern.layout(layers() - 1, 64, 64);
        assertEquals(before, rows(first), "broken clause: a layout never changes");
    }

    @Test
    void costFollowsTheVisibleKeys() {
        for (int layer = 0; layer < layers(); layer++) {
            int asking = layer;
            long shown = layout(new Asked(layer, 4096, 4096)).visible();
            long fewer = layout(new Asked(layer, 512, 512)).visible();
            double growth = (double) shown / fewer;
            Growth.atMost(
                    growth > 16 ? 8 * growth : 32,
                    "cost follows the number of visible keys; layer " + layer,
                    512,
                    8,
                    keys -> walk(pattern().layout(asking, keys, keys)));
        }
    }

    /** Reads every span, as a kernel does. */
    private static void walk(AttentionLayout layout) {
        for (int row = 0; row < layout.queries(); row++) {
            for (int span = 0; span < layout.spans(row); span++) {
                assertTrue(layout.to(row, span) > layout.from(row, span));
            }
        }
    }

    private void everyLayout(BiConsumer<Asked, AttentionLayout> clause) {
        for (int layer = 0; layer < layers(); layer++) {
            for (int keys : LENGTHS) {
                for (int queries : List.of(1, (keys + 1) / 2, keys)) {
                    Asked asked = new Asked(layer, queries, keys);
                    clause.accept(asked, layout(asked));
                }
            }
        }
    }

    /** A layout's own constructor may find what is wrong before a clause does. */
    private AttentionLayout layout(Asked asked) {
        try {
            return pattern().layout(asked.layer(), asked.queries(), asked.keys());
        } catch (RuntimeException e) {
            String reason = String.valueOf(e.getMessage());
            throw new AssertionError(
                    "broken clause: " + clause(reason) + "; " + asked + ": " + reason, e);
        }
    }

    private static String clause(String reason) {
        if (reason.contains("later than its own")) {
            return "no row sees the future";
        }
        return reason.contains("does not hold its own")
                ? "a row holds itself"
                : "arguments in range give sorted, disjoint spans";
    }

    private record Asked(int layer, int queries, int keys) {
        @Override
        public String toString() {
            return "layout(layer " + layer + ", queries " + queries + ", keys " + keys + ")";
        }
    }

    private static List<List<Integer>> rows(AttentionLayout layout) {
        List<List<Integer>> rows = new ArrayList<>();
        for (int row = 0; row < layout.queries(); row++) {
            rows.add(keys(layout, row));
        }
        return rows;
    }

    /** The keys that a row shows. */
    private static List<Integer> keys(AttentionLayout layout, int row) {
        List<Integer> keys = new ArrayList<>();
        for (int span = 0; span < layout.spans(row); span++) {
            for (int key = layout.from(row, span); key < layout.to(row, span); key++) {
                keys.add(key);
            }
        }
        return keys;
    }
}
