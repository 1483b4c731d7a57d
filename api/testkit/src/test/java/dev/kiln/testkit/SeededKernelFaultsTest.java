package dev.kiln.testkit;

import dev.kiln.spi.backend.Backend;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A wrong kernel fails the contract, and the failure names the clause. */
class SeededKernelFaultsTest {

    static class WrongAtOddSizes extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.of(
                    "add", (x, i) -> x.length % 2 == 1 && i == x.length - 1 ? 0 : x[i]);
        }
    }

    @Test
    void aTailOfAnOddSizeThatIsLeftOutIsFound() {
        Failures.mustName(
                "fill, copy, add", WrongAtOddSizes.class, "arithmeticIsElementByElement(int, int)");
    }

    static class GradientOffByAFactor extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.of("activationBackward", (x, i) -> 1.0001 * x[i]);
        }
    }

    @Test
    void aGradientOffByAFactorIsFound() {
        Failures.mustName(
                "activation and its gradient",
                GradientOffByAFactor.class,
                "activationIsItsFormula(dev.kiln.spi.backend.ActivationFunction)");
    }

    static class AttentionOffByALittle extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.of("attentionBackward", (x, i) -> i == 0 ? x[i] + 0.002 : x[i]);
        }
    }

    @Test
    void oneWrongElementOfAttentionsGradientIsFound() {
        Failures.mustName(
                "attention over a layout, causal",
                AttentionOffByALittle.class,
                "attentionSeesTheKeysOfItsLayout(int, int, int, int)");
    }

    static class CacheThatRoundsToHalf extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.of(
                    "cachedAttention", (x, i) -> (double) Float.float16ToFloat(half(x[i])));
        }

        private static short half(double x) {
            return Float.floatToFloat16((float) x);
        }
    }

    @Test
    void aCacheInHalfPrecisionIsFound() {
        Failures.mustName(
                "cachedAttention of ragged batches, causal",
                CacheThatRoundsToHalf.class,
                "cachedAttentionIsAttentionStepByStep(int, int)");
    }

    static class CacheThatTakesAnything extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.unchecked("cachedAttention");
        }
    }

    @Test
    void aCacheThatTakesWhatDoesNotFitIsFound() {
        Failures.mustName(
                "cachedAttention refuses what does not fit its cache: another width",
                CacheThatTakesAnything.class,
                "whatDoesNotFitACacheIsRefused()");
    }

    static class CopyOfNothing extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyCache.of((cache, from, to, begin, end) -> cache.setLength(to, end));
        }
    }

    @Test
    void aCopyThatLeavesOutKeysAndValuesIsFound() {
        Failures.mustName(
                "copy of a cache's positions, in every layer",
                CopyOfNothing.class,
                "copiedPositionsAreSeenAsIfTheyWereComputed(int, int)");
    }

    static class CopyOnePositionOff extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyCache.of(
                    (cache, from, to, begin, end) -> {
                        if (from != to && end > begin) {
                            cache.copy(from, to, begin, end - 1);
                            cache.setLength(to, end);
                        }
                    });
        }
    }

    @Test
    void aCopyThatForgetsItsLastPositionIsFound() {
        Failures.mustName(
                "copy of a cache's positions, in every layer",
                CopyOnePositionOff.class,
                "copiedPositionsAreSeenAsIfTheyWereComputed(int, int)");
    }

    static class CopyOfAnything extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyCache.of(
                    (cache, from, to, begin, end) -> {
                        if (begin <= cache.length(to)) {
                            cache.copy(from, to, begin, end);
                        }
                    });
        }
    }

    @Test
    void aCopyThatLeavesAGapIsFound() {
        Failures.mustName(
                "a cache's copy refuses a gap", CopyOfAnything.class, "aCopyOutOfRangeIsRefused()");
    }

    static class ProductOfLowPrecision extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.of("matmul", (x, i) -> x[i] * (1 + 0x1p-8));
        }
    }

    @Test
    void aProductInBfloat16IsFound() {
        Failures.mustName(
                "matmul: out = op(a) op(b)",
                ProductOfLowPrecision.class,
                "matmulTransposesAsAsked(int, int, int)");
    }

    static class OtherMask extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.of("dropout", (x, i) -> x[x.length - 1 - i]);
        }
    }

    @Test
    void aMaskOfAnotherGeneratorIsFound() {
        Failures.mustName(
                "dropout masks are those of Randomness",
                OtherMask.class,
                "dropoutMasksAreThoseOfRandomness(double)");
    }

    static class NeverTheSame extends BackendContract {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        protected Backend createBackend() {
            return FaultyBackend.of(
                    "addRowSum", (x, i) -> x[i] * (1 + 0x1p-23 * (calls.incrementAndGet() % 2)));
        }
    }

    @Test
    void bitsThatDifferFromRunToRunAreFound() {
        Failures.mustName(
                "the same calls give the same bits",
                NeverTheSame.class,
                "biasesAndRowSumsAreAdded(int, int)");
    }

    static class ForgetsThePast extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.of("scatterAdd", (x, i) -> i == 0 ? 0 : x[i]);
        }
    }

    @Test
    void aGradientThatIsOverwrittenIsFound() {
        Failures.mustName(
                "scatterAdd adds",
                ForgetsThePast.class,
                "scatterAddAddsEveryRowOfRepeatedIds(int, int)");
    }

    static class FrozenHalvesLost extends BackendContract {
        @Override
        protected Backend createBackend() {
            return FaultyBackend.of("linear", (x, i) -> i == x.length - 1 ? x[i] + 1 : x[i]);
        }
    }

    @Test
    void oneElementLostInAFrozenProductIsFound() {
        Failures.mustName(
                "frozen INT4: linear",
                FrozenHalvesLost.class,
                "frozenLinearIsAProductWithWhatIsStored(dev.kiln.spi.backend.WeightFormat)");
    }
}
