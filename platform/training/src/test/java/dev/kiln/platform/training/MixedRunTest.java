package dev.kiln.platform.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.training.pretrain.BatchPlanTest;
import dev.kiln.spi.data.Mixture;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.testkit.fixtures.TinyDecoder;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs on a mixture of text and tokens, with a batch that ramps up. */
class MixedRunTest {
    private static final Mixture MIXTURE =
            new Mixture(
                    List.of(
                            new Mixture.Part(
                                    "letters",
                                    new Sources.Texts(
                                            List.of("abcabdabeabfabc abd abe abf", "bca"),
                                            List.of("abd abf"),
                                            Order.SHUFFLED),
                                    60),
                            new Mixture.Part(
                                    "digits",
                                    new Sources.Texts(
                                            List.of("0123456789"), List.of("1"), Order.SEQUENTIAL),
                                    25),
                            new Mixture.Part(
                                    "ids",
                                    new Sources.Ids(Sources.counting(50), Sources.counting(9)),
                                    16)));

    @TempDir Path temporary;

    private TinyRun run(String folder) {
        return new TinyRun(temporary.resolve(folder)).data(MIXTURE).ramp(4, 12, 120);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 4, 7, 10, 12})
    void aRunThatWasKilledAndResumedEndsWithTheSameBits(long killedAfter) throws Exception {
        run("whole").execute();
        assertThrows(Runs.Kill.class, Runs.killed(run("broken"), killedAfter)::execute);
        run("broken").resumeAuto().execute();
        Path broken = temporary.resolve("broken");
        assertEquals(12, Runs.last(broken).state().step());
        Runs.assertSameBits(Runs.weights(temporary.resolve("whole")), Runs.weights(broken));
    }

    /** The updates' tokens are those of {@link BatchPlanTest}, worked out by hand. */
    @Test
    void stepsSayTheTokensSeenAndTheRunEndsByThem() throws Exception {
        TinyRun run = run("run").tokens(100);
        run.execute();
        RunEvent.Started started = (RunEvent.Started) run.events.getFirst();
        assertEquals(7, started.steps());
        assertEquals(
                List.of(12L, 24L, 36L, 48L, 72L, 96L, 132L),
                all(run, RunEvent.Step.class).stream().map(RunEvent.Step::tokens).toList());
        assertEquals(132, Runs.last(temporary.resolve("run")).state().tokens());
        assertEquals(33, Runs.last(temporary.resolve("run")).state().position());
    }

    @Test
    void aStepsLossIsTheMeanOfItsTokensWhateverItsSize() throws Exception {
        TinyRun run = run("run").model(new TinyDecoder(4, 0, 0)).learningRate(0);
        run.execute();
        List<RunEvent.Step> steps = all(run, RunEvent.Step.class);
        assertEquals(12, steps.size());
        for (RunEvent.Step step : steps) {
            assertEquals(Math.log(257), step.loss(), 1e-5);
        }
    }

    /**
     * All tokens are equally likely to the model: log₂ 257 bits each. Held out are 8 tokens of 7
     * bytes, 2 of 1 byte and 9 of 9 bytes; a token of the mixture has 60/101 · 7/8 + 25/101 · 1/2 +
     * 16/101 · 9/9 bytes.
     */
    @Test
    void bitsPerByteOfAMixtureFollowFromItsShares() throws Exception {
        TinyRun run = run("run").model(new TinyDecoder(4, 0, 0)).learningRate(0).steps(1);
        run.execute();
        double bytes = 60 / 101.0 * 7 / 8 + 25 / 101.0 / 2 + 16 / 101.0;
        double bits = Math.log(257) / Math.log(2);
        assertEquals(
                bits / bytes, all(run, RunEvent.Evaluated.class).getLast().bitsPerByte(), 1e-5);
    }

    @Test
    void theSummaryHasEveryPartAndTheTotalIsTheMeanByShares() throws Exception {
        TinyRun run = run("run").steps(60);
        run.execute();
        String summary = ((RunEvent.Finished) run.events.getLast()).summary();
        List<MatchResult> parts =
                Pattern.compile(
                                "  (\\w+): loss ([\\d.]+) .* \\(([\\d.]+) % of training, read"
                                        + " ([\\d.]+) times\\)")
                        .matcher(summary)
                        .results()
                        .toList();
        assertEquals(
                List.of("letters", "digits", "ids"),
                parts.stream().map(part -> part.group(1)).toList(),
                summary);
        assertEquals(
                List.of("59.4", "24.8", "15.8"),
                parts.stream().map(part -> part.group(3)).toList());
        double[] weights = {60, 25, 16};
        int[] tokens = {32, 11, 50};
        long seen = all(run, RunEvent.Step.class).getLast().tokens();
        double total = 0;
        for (int i = 0; i < 3; i++) {
            total += weights[i] / 101 * Double.parseDouble(parts.get(i).group(2));
            double epochs = weights[i] / 101 * seen / tokens[i];
            // One sequence more or less, and two decimals at most.
            assertEquals(epochs, Double.parseDouble(parts.get(i).group(4)), 4.0 / tokens[i] + 0.5);
        }
        double reported = all(run, RunEvent.Evaluated.class).getLast().loss();
        assertEquals(total, reported, 1e-4);
        assertTrue(summary.startsWith("held-out loss %.4f".formatted(reported)), summary);
    }

    private static <E extends RunEvent> List<E> all(TinyRun run, Class<E> kind) {
        return run.events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
