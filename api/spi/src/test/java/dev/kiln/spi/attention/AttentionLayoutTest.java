package dev.kiln.spi.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class AttentionLayoutTest {

    /** Row i is position keys - queries + i, and looks from {@code first} up to itself. */
    private static void assertVisible(AttentionLayout layout, IntUnaryOperator first) {
        long pairs = 0;
        for (int row = 0; row < layout.queries(); row++) {
            int position = layout.keys() - layout.queries() + row;
            assertEquals(position, layout.position(row));
            assertEquals(span(first.applyAsInt(position), position + 1), row(layout, row));
            pairs += position + 1 - first.applyAsInt(position);
        }
        assertEquals(pairs, layout.visible());
    }

    private static String span(int from, int to) {
        return from + "-" + to;
    }

    private static String row(AttentionLayout layout, int row) {
        return IntStream.range(0, layout.spans(row))
                .mapToObj(span -> span(layout.from(row, span), layout.to(row, span)))
                .collect(Collectors.joining(" "));
    }

    @Test
    void aCausalRowSeesAllUpToItself() {
        for (int keys = 1; keys <= 6; keys++) {
            for (int queries = 1; queries <= keys; queries++) {
                assertVisible(new Causal(queries, keys), position -> 0);
            }
        }
        assertEquals(1024 * 1025 / 2, new Causal(1024, 1024).visible());
    }

    @Test
    void aBandedRowSeesItsWindow() {
        for (int keys = 1; keys <= 6; keys++) {
            for (int queries = 1; queries <= keys; queries++) {
                for (int window : new int[] {1, 2, 3, 6, 7, Integer.MAX_VALUE}) {
                    assertVisible(
                            new Banded(queries, keys, window),
                            position -> Math.max(0, position - (window - 1)));
                }
            }
        }
    }

    @Test
    void aSparseRowSeesItsSpans() {
        Sparse layout =
                new Sparse(2, 6, new int[] {0, 2, 5}, new int[] {0, 2, 4, 5, 0, 1, 1, 2, 3, 6});
        assertEquals("0-2 4-5", row(layout, 0));
        assertEquals("0-1 1-2 3-6", row(layout, 1));
        assertEquals(2, layout.queries());
        assertEquals(6, layout.keys());
        assertEquals(8, layout.visible());
    }

    @Test
    void lengthsThatNoLayoutHasAreRefused() {
        String expected = "expected 1 <= queries <= keys, got queries=";
        assertRefused(expected + "0, keys=1", () -> new Causal(0, 1));
        assertRefused(expected + "3, keys=2", () -> new Causal(3, 2));
        assertRefused(expected + "3, keys=2", () -> new Banded(3, 2, 1));
        assertRefused(expected + "2, keys=1", () -> sparse(2, 1, new int[] {0, 1, 2}, 0, 1, 0, 1));
        assertRefused("expected window >= 1, got 0", () -> new Banded(1, 1, 0));
    }

    @Test
    void sparseArraysThatDoNotFitTheirRowsAreRefused() {
        String two = "rowStart and bounds do not fit 2 rows";
        assertRefused(two, () -> sparse(2, 2, new int[] {0, 1}, 0, 1));
        assertRefused(two, () -> sparse(2, 2, new int[] {1, 1, 2}, 0, 1, 0, 2));
        assertRefused(two, () -> sparse(2, 2, new int[] {0, 1, 2}, 0, 1));
        assertRefused(two, () -> sparse(2, 2, new int[] {0, 1, 2}, 0, 1, 0, 2, 0));
    }

    @Test
    void sparseRowsThatAreNotSpansUpToThemselvesAreRefused() {
        String spans = "row 1 has spans that overlap or are empty";
        int[] two = {0, 1, 3};
        assertRefused(spans, () -> sparse(2, 3, two, 0, 2, 0, 2, 1, 3));
        assertRefused(spans, () -> sparse(2, 3, two, 0, 2, 1, 1, 2, 3));
        assertRefused(spans, () -> sparse(2, 3, two, 0, 2, 2, 3, 0, 1));
        assertRefused(spans, () -> sparse(2, 3, two, 0, 2, -1, 1, 2, 3));
        String missing = "row 1 does not hold its own position, 2";
        assertRefused(missing, () -> sparse(2, 3, new int[] {0, 1, 2}, 0, 2, 0, 2));
        assertRefused(missing, () -> sparse(2, 3, new int[] {0, 1, 1}, 0, 2));
        assertRefused(
                "row 1 sees position 3, later than its own, 2",
                () -> sparse(2, 3, new int[] {0, 1, 2}, 0, 2, 0, 4));
    }

    private static Sparse sparse(int queries, int keys, int[] rowStart, int... bounds) {
        return new Sparse(queries, keys, rowStart, bounds);
    }

    private static void assertRefused(String start, Executable layout) {
        String message = assertThrows(IllegalArgumentException.class, layout).getMessage();
        assertTrue(message.startsWith(start), message);
    }
}
