package dev.kiln.plugins.sparse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.testkit.AttentionPatternContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Against the sets of Child et al. (2019), section 4.3, with l the stride. */
class StridedTest {
    private static final int[] STRIDES = {1, 2, 5, 16, 500};

    private static AttentionPattern strided(int stride, String part) {
        return new StridedFactory().create(new StridedOptions(stride, part), Pairs.CONTEXT);
    }

    /** A1 = {t .. i} with t = max(0, i - l), A2 = {j : (i - j) mod l = 0}. */
    @Test
    void bothPartsAreTheUnionOfThePapersSets() {
        for (int l : STRIDES) {
            Pairs.assertIs(
                    (i, j) -> j >= Math.max(0, i - l) || (i - j) % l == 0, strided(l, "both"));
        }
    }

    @Test
    void theSummaryIsThePapersSecondSet() {
        for (int l : STRIDES) {
            Pairs.assertIs((i, j) -> (i - j) % l == 0, strided(l, "summary"));
        }
    }

    /** Without i - l, which the union has from the other part. */
    @Test
    void theLocalPartIsTheLastStridePositions() {
        for (int l : STRIDES) {
            Pairs.assertIs((i, j) -> j > i - l, strided(l, "local"));
        }
    }

    @Test
    void everyPartKnowsItsName() {
        String message = assertThrows(InvalidInput.class, () -> strided(4, "sumary")).getMessage();
        assertEquals(
                "attention: expected part to be one of [both, local, summary], got sumary",
                message);
    }

    @Nested
    class Both extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return strided(7, "both");
        }
    }

    @Nested
    class Summary extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return strided(5, "summary");
        }
    }

    @Nested
    class Local extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return strided(16, "local");
        }
    }
}
