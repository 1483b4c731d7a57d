package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.training.Progress;
import dev.kiln.spi.training.Schedule;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What every learning-rate schedule keeps, over runs of one step to a million, and past their end.
 * Subclass it in a plugin's tests, once for each set of options that matters. A failure names the
 * broken clause and the progress.
 */
@Experimental
public abstract class ScheduleContract implements FactoryClauses {
    private static final long TOKENS = 2048;
    private static final long[] LENGTHS = {1, 2, 3, 10, 101, 1_000_000};

    /** The schedule to try; may be the same one at every call. */
    protected abstract Schedule schedule();

    @Test
    void everyRateIsFiniteAndAtLeastZero() {
        for (Progress progress : places()) {
            double rate = schedule().learningRate(progress);
            assertTrue(
                    rate >= 0 && Double.isFinite(rate),
                    "broken clause: a rate is finite and at least 0; got " + rate + at(progress));
        }
    }

    @Test
    void someStepLearns() {
        for (long steps : new long[] {101, 1_000_000}) {
            assertTrue(
                    places(steps).stream().anyMatch(p -> schedule().learningRate(p) > 0),
                    "broken clause: some step of a run learns; " + steps + " steps");
        }
    }

    @Test
    void theSameProgressHasTheSameRate() {
        Schedule schedule = schedule();
        List<Progress> places = places();
        List<Double> rates = places.stream().map(schedule::learningRate).toList();
        for (int i = places.size() - 1; i >= 0; i--) {
            assertEquals(
                    rates.get(i),
                    schedule.learningRate(places.get(i)),
                    "broken clause: a rate is a pure function of progress" + at(places.get(i)));
        }
    }

    @Test
    void threadsGetTheSameRates() throws Exception {
        Schedule schedule = schedule();
        List<Double> alone = places().stream().map(schedule::learningRate).toList();
        var all = Concurrently.call(() -> places().stream().map(schedule::learningRate).toList());
        all.forEach(each -> assertIterableEquals(alone, each, "broken clause: thread-safe"));
    }

    @Test
    void aRateCostsTheSameAtEveryStep() {
        Schedule schedule = schedule();
        Growth.atMost(
                50,
                "a rate costs the same at every step",
                100,
                10_000,
                step -> {
                    for (int i = 0; i < 20; i++) {
                        schedule.learningRate(at(step, 2_000_000));
                    }
                });
    }

    private static List<Progress> places() {
        return LongStream.of(LENGTHS).boxed().flatMap(n -> places(n).stream()).toList();
    }

    /** Each step of a short run, some of a long one, and some behind the end. */
    private static List<Progress> places(long steps) {
        return LongStream.rangeClosed(0, 120)
                .map(i -> steps <= 100 ? i : i * steps / 100)
                .mapToObj(step -> at(step, steps))
                .toList();
    }

    private static Progress at(long step, long steps) {
        return new Progress(step, steps, step * TOKENS, steps * TOKENS);
    }

    private static String at(Progress progress) {
        return " at " + progress;
    }
}
