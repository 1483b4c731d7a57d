package dev.kiln.platform.planning;

import dev.kiln.platform.autograd.ActivationCheckpointing;
import dev.kiln.platform.training.PretrainOptions;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.training.Optimizer;
import java.util.Locale;

/**
 * What training does over and over.
 *
 * @param length of a sequence, in tokens
 * @param batch sequences of a micro-batch
 * @param evaluationBatch sequences that are measured at once, 0 for none
 */
public record Work(
        Choice<ModelFamily> model,
        Choice<TaskHead> head,
        Choice<Optimizer> optimizer,
        Precision precision,
        int vocabulary,
        int length,
        int batch,
        int evaluationBatch,
        ActivationCheckpointing checkpointing) {

    /**
     * @throws InvalidInput when a batch has more tokens than can be counted
     */
    public Work {
        if ((long) Math.max(batch, evaluationBatch) * length > Integer.MAX_VALUE) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "a batch of %,d sequences of %,d tokens: expected at most %,d tokens in all",
                            Math.max(batch, evaluationBatch),
                            length,
                            Integer.MAX_VALUE));
        }
    }

    /**
     * That of a run.
     *
     * @param precision what the run's choice comes to
     */
    static Work of(PretrainOptions options, Context context, int vocabulary, Precision precision) {
        return new Work(
                options.model(),
                options.head(),
                options.optimizer(),
                precision,
                vocabulary,
                options.model().create(context).shape(vocabulary).context(),
                options.training().batch(),
                options.evaluation().batch(),
                options.training().checkpointing());
    }

    /** With other batches. */
    Work with(int otherBatch, int otherEvaluationBatch) {
        return new Work(
                model,
                head,
                optimizer,
                precision,
                vocabulary,
                length,
                otherBatch,
                otherEvaluationBatch,
                checkpointing);
    }

    Work with(ActivationCheckpointing other) {
        return new Work(
                model,
                head,
                optimizer,
                precision,
                vocabulary,
                length,
                batch,
                evaluationBatch,
                other);
    }

    Work with(Choice<Optimizer> other) {
        return new Work(
                model,
                head,
                other,
                precision,
                vocabulary,
                length,
                batch,
                evaluationBatch,
                checkpointing);
    }
}
