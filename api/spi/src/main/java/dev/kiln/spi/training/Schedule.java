package dev.kiln.spi.training;

import dev.kiln.spi.Stable;

/** The learning rate over a run. A pure function; thread-safe. */
@Stable
public interface Schedule {
    /** The learning rate of the step about to be taken; finite, at least 0. */
    double learningRate(Progress progress);
}
