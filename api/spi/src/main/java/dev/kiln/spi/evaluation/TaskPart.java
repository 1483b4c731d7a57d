package dev.kiln.spi.evaluation;

import dev.kiln.spi.Experimental;

/** The parts of a task: what is learned from, what is chosen by, what is reported. */
@Experimental
public enum TaskPart {
    TRAIN,
    VALIDATION,
    TEST
}
