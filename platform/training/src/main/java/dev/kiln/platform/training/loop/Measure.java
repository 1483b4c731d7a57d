package dev.kiln.platform.training.loop;

import java.util.Optional;

/** Tells how well a model does on what it is not trained on. Used by one thread. */
public interface Measure {

    /** What is measured, for messages: {@code held out}, {@code validation part}. */
    String name();

    /**
     * Measures the model as it is.
     *
     * @param step updates made
     * @param tokens trained on
     * @return empty where there is nothing to measure on; then the last step of a run is its best
     * @throws dev.kiln.platform.models.InvalidScore when a score or a loss is no number
     */
    Optional<Measurement> measure(long step, long tokens);
}
