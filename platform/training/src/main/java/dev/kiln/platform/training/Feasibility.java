package dev.kiln.platform.training;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;

/** Tells whether a run can be made, before it allocates or writes anything. Thread-safe. */
public interface Feasibility {

    /**
     * Checks a run.
     *
     * @param backend that the run is to have, nothing allocated yet
     * @throws InvalidInput when the run cannot be made; says what it needs and what would do
     */
    void require(TrainingWork work, Context context, Backend backend);
}
