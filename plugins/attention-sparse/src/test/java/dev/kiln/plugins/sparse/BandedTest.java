package dev.kiln.plugins.sparse;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.testkit.AttentionPatternContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BandedTest {

    private static AttentionPattern banded(int window) {
        return new BandedFactory().create(new BandedOptions(window), Pairs.CONTEXT);
    }

    @Test
    void aQuerySeesItselfAndTheKeysOfTheWindowBeforeIt() {
        for (int window : new int[] {1, 2, 5, 64, 1000}) {
            Pairs.assertIs((i, j) -> i - j < window, banded(window));
        }
    }

    @Nested
    class Narrow extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return banded(1);
        }
    }

    @Nested
    class Common extends AttentionPatternContract {
        @Override
        protected AttentionPattern pattern() {
            return banded(31);
        }
    }
}
