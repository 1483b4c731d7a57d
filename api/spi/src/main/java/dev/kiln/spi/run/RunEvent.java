package dev.kiln.spi.run;

import dev.kiln.spi.Stable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What happens in a run, in the order in which it happens. Immutable.
 *
 * <p>Kinds may be added, so a listener that switches over them has a {@code default} for those that
 * it does not know. New figures come as {@link Measured}, by name, and need no new kind:
 *
 * <pre>{@code
 * switch (event) {
 *     case RunEvent.Step step -> draw(step.step(), "loss", step.loss());
 *     case RunEvent.Measured measured -> measured.values().forEach(
 *             (name, value) -> draw(measured.step(), name, value));
 *     default -> {}
 * }
 * }</pre>
 */
@Stable
public interface RunEvent {

    /**
     * The first event.
     *
     * @param title one line that says what runs: model, parameters, data, backend
     * @param firstStep steps that were done before, more than 0 after a resume
     * @param steps planned, in all
     */
    record Started(String title, long firstStep, long steps) implements RunEvent {}

    /**
     * An update was made.
     *
     * @param step 1 after the first update
     * @param tokens trained on since the run began
     * @param loss of this step's batch, nats a token
     * @param gradientNorm before clipping
     * @param tokensPerSecond of this step
     * @param elapsed since the run began or was resumed
     */
    record Step(
            long step,
            long tokens,
            double loss,
            double learningRate,
            double gradientNorm,
            double tokensPerSecond,
            Duration elapsed)
            implements RunEvent {}

    /**
     * The held-out split was measured.
     *
     * @param loss nats a token
     * @param bitsPerByte of the held-out text; NaN when the corpus is tokens whose bytes are unknown
     */
    record Evaluated(long step, long tokens, double loss, double perplexity, double bitsPerByte)
            implements RunEvent {}

    /**
     * A part of a task was measured.
     *
     * @param part such as {@code validation}
     * @param loss nats an example
     * @param scores by the metric's name, what the task is known by first
     */
    record Scored(long step, String part, double loss, Map<String, Double> scores)
            implements RunEvent {}

    /**
     * Something else was measured: the loss of a part, a divergence, a reward, a throughput.
     *
     * @param step after which it was
     * @param values by name, such as {@code heldout/books/loss}, in the order in which they are told
     * @since 0.1.0
     */
    record Measured(long step, Map<String, Double> values) implements RunEvent {}

    /** A checkpoint is on disk. */
    record Saved(long step, Path folder, boolean best) implements RunEvent {}

    /** The model wrote something. */
    record Sampled(long step, String prompt, String continuation) implements RunEvent {}

    /** Something the user should know. */
    record Notice(String message) implements RunEvent {}

    /** The last event of a run that ended well, or was stopped; the summary may have several lines. */
    record Finished(String summary) implements RunEvent {}

    /** The last event of a run that did not. */
    record Failed(String message) implements RunEvent {}
}
