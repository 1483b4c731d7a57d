package dev.kiln.platform.training;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.training.trainee.TraineeRecipe;
import dev.kiln.spi.Choice;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.training.Optimizer;
import java.util.Locale;

/**
 * What training does over and over. Immutable.
 *
 * @param batch sequences or examples of a micro-batch
 * @param evaluationBatch those that are measured at once, 0 for none
 */
public record TrainingWork(
        TraineeRecipe recipe,
        Precision precision,
        StepInputs inputs,
        int batch,
        int evaluationBatch,
        ActivationCheckpointing checkpointing) {

    /**
     * @throws InvalidInput when a batch has more tokens than can be counted
     */
    public TrainingWork {
        int most = Math.max(batch, evaluationBatch);
        if ((long) most * inputs.tokens() > Integer.MAX_VALUE) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "a batch of %,d sequences of %,d tokens: expected at most %,d tokens in all",
                            most,
                            inputs.tokens(),
                            Integer.MAX_VALUE));
        }
    }

    /** With other batches. */
    public TrainingWork with(int otherBatch, int otherEvaluationBatch) {
        return new TrainingWork(
                recipe, precision, inputs, otherBatch, otherEvaluationBatch, checkpointing);
    }

    /** With other activations kept. */
    public TrainingWork with(ActivationCheckpointing other) {
        return new TrainingWork(recipe, precision, inputs, batch, evaluationBatch, other);
    }

    /** With another optimizer. */
    public TrainingWork with(Choice<Optimizer> other) {
        return new TrainingWork(
                recipe.with(other), precision, inputs, batch, evaluationBatch, checkpointing);
    }
}
