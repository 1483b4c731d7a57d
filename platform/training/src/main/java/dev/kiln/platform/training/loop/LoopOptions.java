package dev.kiln.platform.training.loop;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.spi.Choice;
import dev.kiln.spi.training.Schedule;
import java.util.Optional;

/**
 * How the steps of any run are taken.
 *
 * @param clip gradients of a larger norm are scaled down to it; 0 for never
 * @param minutes after which it stops
 * @param evaluation when it is measured
 * @param checkpoints when its state is kept
 */
public record LoopOptions(
        Choice<Schedule> schedule,
        double clip,
        ActivationCheckpointing checkpointing,
        Optional<Double> minutes,
        Evaluations evaluation,
        CheckpointOptions checkpoints) {

    /**
     * When a run is measured.
     *
     * @param every updates between two; there is one at the end in any case
     * @param patience evaluations in a row that are no better than the best, after which training ends
     */
    public record Evaluations(long every, Optional<Integer> patience) {}
}
