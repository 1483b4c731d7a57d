package dev.kiln.testkit;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.CompactMoment;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** Wrong codes fail the contract, and the failure names the clause. */
class SeededCompactMomentFaultsTest {

    /**
     * @param moment 1 for the first, 2 for the second
     */
    private static Backend recoded(int moment, IntUnaryOperator fault) {
        return FaultyBackend.after(
                "adamWCompact",
                (reference, arguments) -> {
                    CompactMoment of = (CompactMoment) ((List<?>) arguments[moment]).getFirst();
                    double[] codes = reference.values(of.codes());
                    for (int i = 0; i < codes.length; i++) {
                        codes[i] = fault.applyAsInt((int) codes[i]);
                    }
                    reference.set(of.codes(), codes);
                });
    }

    static class RoundsDown extends BackendContract {
        @Override
        protected Backend createBackend() {
            return recoded(1, code -> code == 128 + 70 ? code - 1 : code);
        }
    }

    @Test
    void roundingToOneSideIsFound() {
        Failures.mustName(
                "adamWCompact: a code is the moment in the mean",
                RoundsDown.class,
                "adamWCompactRoundsToTheMomentInTheMean()");
    }

    static class ForgetsSmallOnes extends BackendContract {
        @Override
        protected Backend createBackend() {
            return recoded(2, code -> code == 1 ? 0 : code);
        }
    }

    @Test
    void aSecondMomentThatIsLostIsFound() {
        Failures.mustName(
                "a second moment above zero keeps a code above zero",
                ForgetsSmallOnes.class,
                "adamWCompactTakesHugeAndTinyGradientsSideBySide()");
    }

    static class OtherDraws extends BackendContract {
        @Override
        protected Backend createBackend() {
            return recoded(2, code -> code > 200 && code % 2 == 0 ? code - 1 : code);
        }
    }

    @Test
    void codesThatAreOftenTheNeighboursAreFound() {
        Failures.mustName(
                "adamWCompact: the draw is a function of name, index and step",
                OtherDraws.class,
                "adamWCompactIsAdamWOfWhatTheCodesStandFor(int)");
    }

    static class Coarse extends BackendContract {
        @Override
        protected Backend createBackend() {
            return recoded(1, code -> code < 128 ? code : code & ~15);
        }
    }

    @Test
    void codesOfFewBitsAreFound() {
        Failures.mustName(
                "adamWCompact stays beside adamW",
                Coarse.class,
                "manyStepsOfAdamWCompactStayBesideAdamW()");
    }
}
