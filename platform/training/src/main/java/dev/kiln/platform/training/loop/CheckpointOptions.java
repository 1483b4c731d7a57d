package dev.kiln.platform.training.loop;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;

/** When the state of a run is kept. */
public record CheckpointOptions(
        @Doc("updates between checkpoints; there is one at the end and at each best evaluation")
                @Default("100")
                @Range(min = 1)
                int every,
        @Doc("how many of the last to keep, beside the best") @Default("2") @Range(min = 1)
                int keep) {}
