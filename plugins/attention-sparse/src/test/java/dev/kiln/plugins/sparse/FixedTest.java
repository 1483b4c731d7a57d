package dev.kiln.plugins.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.testkit.AttentionPatternContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Against the sets of Child et al. (2019), section 4.3, with l the stride and c the summary. */
class FixedTest {
    private static final int[][] STRIDES_AND_SUMMARIES = {
        {1, 1}, {5, 2}, {16, 16}, {16, 1}, {500, 3}
    };

    private static AttentionPattern fixed(int stride, int summary, String part) {
        return new FixedFactory().create(new FixedOptions(stride, summary, part), Pairs.CONTEXT);
    }

    /** A1 = {j : floor(j / l) = floor(i / l)}, A2 = {j : j mod l in {t .. l - 1}}, t = l - c. */
    @Test
    void bothPartsAreTheUnionOfThePapersSets() {
        for (int[] lc : STRIDES_AND_SUMMARIES) {
            int l = lc[0];
            int t = l - lc[1];
            Pairs.assertIs((i, j) -> j / l == i / l || j % l >= t, fixed(l, lc[1], "both"));
        }
    }

    @Test
    void theSummaryIsThePapersSecondSetAndThePositionItself() {
        for (int[] lc : STRIDES_AND_SUMMARIES) {
            int l = lc[0];
            int t = l - lc[1];
            Pairs.assertIs((i, j) -> j % l >= t || i == j, fixed(l, lc[1], "summary"));
        }
    }

    @Test
    void theLocalPartIsThePapersFirstSet() {
        for (int[] lc : STRIDES_AND_SUMMARIES) {
            int l = lc[0];
            Pairs.assertIs((i, j) -> j / l == i / l, fixed(l, lc[1], "local"));
        }
    }

    @Test
    void aSummaryLargerThanItsBlockIsRefused() {
        assertEquals(
                "attention: fixed.summary is 9, expected at most fixed.stride, which is 8",
                assertThrows(InvalidInput.class, () -> fixed(8, 9, "both")).getMessage());
    }

    @Nested
    class Both extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return fixed(11, 3, "both");
        }
    }

    @Nested
    class Summary extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return fixed(16, 4, "summary");
        }
    }

    @Nested
    class Local extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return fixed(7, 7, "local");
        }
    }
}
