package dev.kiln.plugins.schedules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.training.Progress;
import dev.kiln.spi.training.Schedule;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The numbers are worked out by hand beside each assertion. */
class SchedulesTest {
    private static final Optional<Long> NONE = Optional.empty();
    private static final long TOKENS = 512; // a step
    private static final Context CONTEXT = new FolderContext(1, Path.of(""));

    @Test
    void theWarmUpIsLinearAndItsFirstStepIsNotZero() {
        Schedule cosine = cosine(4, NONE, 0.1);
        assertRate(1.0 / 5, cosine, 0);
        assertRate(2.0 / 5, cosine, 1);
        assertRate(4.0 / 5, cosine, 3);
        assertRate(1, cosine, 4);
    }

    @Test
    void theCosineFallsFromThePeakToItsShare() {
        Schedule cosine = cosine(4, NONE, 0.1);
        // 96 steps of decay: a third of them is 60°, a half 90°, two thirds 120°.
        assertRate(0.1 + 0.9 * 0.75, cosine, 4 + 32);
        assertRate(0.1 + 0.9 * 0.5, cosine, 4 + 48);
        assertRate(0.1 + 0.9 * 0.25, cosine, 4 + 64);
        assertRate(0.1, cosine, 100);
    }

    @Test
    void afterTheDecayTheRateStaysAtItsLowest() {
        Schedule cosine = cosine(0, Optional.of(50L), 0.2);
        assertRate(0.2 + 0.8 * 0.5, cosine, 25);
        assertRate(0.2, cosine, 50);
        assertRate(0.2, cosine, 99);
    }

    @Test
    void nanoGptsRatesOfItsSmallConfigAreMet() {
        // lr 1e-3, warm-up 100, min 1e-4, decay 2,000; by nanoGPT's formula in Python.
        Schedule cosine =
                new CosineFactory()
                        .create(
                                new CosineOptions(
                                        1e-3, 100, NONE, NONE, NONE, 0.1, Optional.empty()),
                                CONTEXT);
        assertEquals(9.900990099009901e-06, cosine.learningRate(at(0, 2000)), 1e-18);
        assertEquals(0.0009900990099009901, cosine.learningRate(at(99, 2000)), 1e-16);
        assertEquals(0.0009051132292283772, cosine.learningRate(at(500, 2000)), 1e-16);
        assertEquals(0.00010000061514140841, cosine.learningRate(at(1999, 2000)), 1e-16);
    }

    @Test
    void theLineFallsToZero() {
        Schedule linear =
                new LinearFactory()
                        .create(
                                new LinearOptions(1, 20, NONE, NONE, NONE, 0, Optional.empty()),
                                CONTEXT);
        assertRate(11.0 / 21, linear, 10);
        assertRate(1, linear, 20);
        assertRate(0.75, linear, 40);
        assertRate(0.0125, linear, 99);
        assertRate(0, linear, 100);
    }

    @Test
    void theConstantStaysAfterItsWarmUp() {
        Schedule constant =
                new ConstantFactory().create(new ConstantOptions(0.5, 1, NONE), CONTEXT);
        assertRate(0.25, constant, 0);
        assertRate(0.5, constant, 1);
        assertRate(0.5, constant, 99);
        assertRate(0.5, constant, 200);
    }

    @Test
    void lengthsInTokensGiveTheSameRatesAsInSteps() {
        Schedule steps = cosine(4, Optional.of(50L), 0.1);
        Schedule tokens =
                new CosineFactory()
                        .create(
                                new CosineOptions(
                                        1,
                                        0,
                                        Optional.of(4 * TOKENS),
                                        NONE,
                                        Optional.of(50 * TOKENS),
                                        0.1,
                                        Optional.empty()),
                                CONTEXT);
        for (int step = 0; step <= 100; step++) {
            assertRate(steps.learningRate(at(step, 100)), tokens, step);
        }
    }

    /**
     * Warm-up over 375 million tokens, cosine to 10 % at 260 billion, which is where the rate stays
     * (Brown et al., 2020, appendix B); the numbers are the formula's in Python.
     */
    @Test
    void gpt3sRateIsSaidInTokensAndStaysAtATenthFrom260BillionOn() {
        Schedule gpt3 =
                new CosineFactory()
                        .create(
                                new CosineOptions(
                                        0.6e-4,
                                        0,
                                        Optional.of(375_000_000L),
                                        NONE,
                                        Optional.of(260_000_000_000L),
                                        0.1,
                                        Optional.empty()),
                                CONTEXT);
        assertEquals(6e-05, gpt3.learningRate(seen(375_000_000L)), 1e-18);
        assertEquals(4.26447904828698e-05, gpt3.learningRate(seen(100_000_000_000L)), 1e-18);
        assertEquals(3.3061258735344524e-05, gpt3.learningRate(seen(130_000_000_000L)), 1e-18);
        assertEquals(6.000000197669879e-06, gpt3.learningRate(seen(259_990_000_000L)), 1e-18);
        assertEquals(6e-06, gpt3.learningRate(seen(260_000_000_000L)), 1e-18);
        assertEquals(6e-06, gpt3.learningRate(seen(299_000_000_000L)), 1e-18);
        // One update of 3 million tokens is 1/126 of the way up, and half of the warm-up about
        // half.
        assertEquals(6e-05 / 126, gpt3.learningRate(seen(0)), 1e-18);
        assertEquals(6e-05 * 190.5 / 378, gpt3.learningRate(seen(187_500_000L)), 1e-18);
    }

    /** A place in a run of 100,000 updates and 300 billion tokens. */
    private static Progress seen(long tokens) {
        return new Progress(tokens / 3_000_000, 100_000, tokens, 300_000_000_000L);
    }

    /** The formulas are those of opt.py in GPT-1's released code; warm-up is a tenth here. */
    @Test
    void theLineOfGpt1sCodeFallsFromTheFirstStepOn() {
        Schedule linear = new WarmUpLinearFactory().create(new ShareOptions(1, 0.1), CONTEXT);
        assertRate(0, linear, 0);
        assertRate(0.5 * 0.95, linear, 5);
        assertRate(0.9, linear, 10);
        assertRate(0.89, linear, 11);
        assertRate(0.5, linear, 50);
        assertRate(0.01, linear, 99);
        assertRate(0, linear, 100);
        assertRate(0, linear, 200);
    }

    @Test
    void theCosineOfGpt1sCodeBeginsWithTheRunAndNotBehindTheWarmUp() {
        Schedule cosine = new WarmUpCosineFactory().create(new ShareOptions(1, 0.1), CONTEXT);
        assertRate(0, cosine, 0);
        assertRate(0.5, cosine, 5);
        assertRate(1, cosine, 10);
        assertRate(0.5 + (1 + Math.sqrt(5)) / 8, cosine, 20); // cos 36° = (1 + √5) / 4
        assertRate(0.5, cosine, 50);
        assertRate(0.5 - Math.sqrt(2) / 4, cosine, 75);
        assertRate(0, cosine, 100);
        assertRate(0, cosine, 200);
    }

    @Test
    void aWarmUpThatIsNoShareOfTheRunIsRefused() {
        for (double warmUp : new double[] {0, -0.1, 1.1, Double.NaN}) {
            InvalidInput problem =
                    assertThrows(InvalidInput.class, () -> new ShareOptions(1, warmUp));
            assertEquals(
                    "schedule: warmUp is "
                            + warmUp
                            + ", expected a share of the run, greater than 0 and at most 1",
                    problem.getMessage());
        }
    }

    @Test
    void aRunShorterThanItsWarmUpNeverReachesThePeak() {
        Schedule cosine = cosine(200, NONE, 0.1);
        assertRate(100.0 / 201, cosine, 99);
    }

    @Test
    void anAbsoluteMinimumReplacesTheShare() {
        Schedule cosine =
                new CosineFactory()
                        .create(
                                new CosineOptions(1, 0, NONE, NONE, NONE, 0.1, Optional.of(0.3)),
                                CONTEXT);
        assertRate(0.3, cosine, 100);
    }

    @Test
    void contradictionsAreSaidInOneLine() {
        assertProblem(
                "schedule: minimumLearningRate is 2.0, expected at most the learningRate, 1.0",
                new CosineOptions(1, 0, NONE, NONE, NONE, 0.1, Optional.of(2.0)));
        assertProblem(
                "schedule: decaySteps is 10, expected more than warmUpSteps, which is 10",
                new CosineOptions(1, 10, NONE, Optional.of(10L), NONE, 0.1, Optional.empty()));
        assertProblem(
                "schedule: decayTokens is 10, expected more than warmUpTokens, which is 20",
                new CosineOptions(
                        1, 0, Optional.of(20L), NONE, Optional.of(10L), 0.1, Optional.empty()));
        assertProblem(
                "schedule: expected lengths in steps (warmUpSteps, decaySteps) or in tokens"
                        + " (warmUpTokens, decayTokens), not both",
                new CosineOptions(1, 10, Optional.of(20L), NONE, NONE, 0.1, Optional.empty()));
    }

    private static void assertProblem(String message, CosineOptions options) {
        InvalidInput problem =
                assertThrows(
                        InvalidInput.class, () -> new CosineFactory().create(options, CONTEXT));
        assertEquals(message, problem.getMessage());
    }

    private static Schedule cosine(long warmUp, Optional<Long> decaySteps, double finalShare) {
        return new CosineFactory()
                .create(
                        new CosineOptions(
                                1, warmUp, NONE, decaySteps, NONE, finalShare, Optional.empty()),
                        CONTEXT);
    }

    private static void assertRate(double expected, Schedule schedule, long step) {
        assertEquals(expected, schedule.learningRate(at(step, 100)), 1e-12);
    }

    private static Progress at(long step, long steps) {
        return new Progress(step, steps, step * TOKENS, steps * TOKENS);
    }
}
