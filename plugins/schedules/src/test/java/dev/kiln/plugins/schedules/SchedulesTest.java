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
