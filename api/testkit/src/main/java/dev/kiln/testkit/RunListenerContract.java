package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.run.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every run listener keeps. Subclass it in a plugin's tests. A failure names the broken clause
 * and the event.
 */
@Experimental
public abstract class RunListenerContract implements FactoryClauses {

    /** A new listener for a run that writes to this folder, which exists and is empty. */
    protected abstract RunListener listener(Path runFolder);

    @Test
    void everyKindOfEventIsTaken(@TempDir Path folder) throws Exception {
        RunListener listener = listener(folder);
        for (RunEvent event : everyKind(folder)) {
            take(listener, event, "every kind of event is taken");
        }
        listener.close();
    }

    @Test
    void numbersThatAreNoneAreTaken(@TempDir Path folder) throws Exception {
        RunListener listener = listener(folder);
        take(listener, started(), "every kind of event is taken");
        for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 0, 1e300}) {
            String clause = "a loss that is " + odd + " is taken";
            take(listener, step(1, odd), clause);
            take(listener, new RunEvent.Evaluated(1, 64, odd, odd, odd), clause);
            take(listener, new RunEvent.Scored(1, "test", odd, Map.of("f1", odd)), clause);
        }
        listener.close();
    }

    @Test
    void aRunMayEndBeforeItBegan(@TempDir Path folder) throws Exception {
        assertDoesNotThrow(
                () -> listener(folder).close(),
                "broken clause: a listener may be closed before the first event");
        RunListener failed = listener(Files.createDirectory(folder.resolve("failed")));
        take(failed, new RunEvent.Failed("no memory"), "a run may fail before it began");
        failed.close();
    }

    @Test
    void aResumedRunGoesOnInTheSameFolder(@TempDir Path folder) throws Exception {
        for (long first : new long[] {0, 3}) {
            RunListener listener = listener(folder);
            String clause = "a resumed run goes on in the same folder";
            take(listener, new RunEvent.Started("a model, some text", first, 6), clause);
            for (long step = first + 1; step <= first + 3; step++) {
                take(listener, step(step, 3), clause);
            }
            listener.close();
        }
    }

    @Test
    void listenersOfOneRunDoNotDisturbEachOther(@TempDir Path folder) throws Exception {
        RunListener one = listener(Files.createDirectory(folder.resolve("one")));
        RunListener other = listener(Files.createDirectory(folder.resolve("other")));
        for (RunEvent event : everyKind(folder)) {
            take(one, event, "two runs have a listener each");
            take(other, event, "two runs have a listener each");
        }
        one.close();
        other.close();
    }

    @Test
    void nothingIsLeftBehind(@TempDir Path folder) throws Exception {
        Threads before = Threads.now();
        RunListener listener = listener(folder);
        take(listener, started(), "every kind of event is taken");
        listener.close();
        assertTrue(
                before.noneLeft(),
                "broken clause: close ends the listener's threads; left: " + before.left());
    }

    @Test
    void anEventCostsTheSameHoweverLongTheRun(@TempDir Path folder) {
        int[] runs = {0};
        Growth.linear(
                "an event costs the same however long the run",
                200,
                8,
                steps -> {
                    try {
                        Path run = Files.createDirectory(folder.resolve("run" + runs[0]++));
                        RunListener listener = listener(run);
                        take(listener, started(), "every kind of event is taken");
                        for (int step = 1; step <= steps; step++) {
                            take(listener, step(step, 3), "every kind of event is taken");
                        }
                        listener.close();
                    } catch (IOException e) {
                        throw new AssertionError("broken clause: close works", e);
                    }
                });
    }

    private static void take(RunListener listener, RunEvent event, String clause) {
        assertDoesNotThrow(() -> listener.on(event), "broken clause: " + clause + "; " + event);
    }

    /** A kind of event that a later version of Kiln may have. */
    private record Later() implements RunEvent {}

    private static RunEvent started() {
        return new RunEvent.Started("a model, some text", 0, 5000);
    }

    private static RunEvent step(long step, double loss) {
        return new RunEvent.Step(
                step, 64 * step, loss, 1e-3, loss, 1e4, Duration.ofMillis(20 * step));
    }

    private static List<RunEvent> everyKind(Path folder) {
        return List.of(
                started(),
                new RunEvent.Notice("the machine has two cores"),
                step(1, 3.5),
                new RunEvent.Sampled(1, "to be", " or\nnot \u001b[31m \"to\" be 😀"),
                new RunEvent.Evaluated(1, 64, 3.4, Math.exp(3.4), Double.NaN),
                new RunEvent.Scored(1, "validation", 0.7, Map.of("accuracy", 0.5)),
                new RunEvent.Measured(1, Map.of("heldout/books/loss", 3.2)),
                new Later(),
                new RunEvent.Saved(1, folder.resolve("checkpoints/step-1"), true),
                new RunEvent.Finished("held-out loss 3.4\nrun folder: " + folder));
    }
}
