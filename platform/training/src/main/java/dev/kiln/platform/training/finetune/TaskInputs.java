package dev.kiln.platform.training.finetune;

import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.tasks.HeadBatch;
import dev.kiln.platform.training.StepInputs;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.model.Ops;

/**
 * Examples of a task.
 *
 * @param sequences of an example, each of {@code length} tokens
 * @param auxiliaryLossWeight see {@link TaskObjective}
 */
record TaskInputs(int sequences, int length, double auxiliaryLossWeight) implements StepInputs {

    @Override
    public int tokens() {
        return sequences * length;
    }

    @Override
    public void losses(LanguageModel language, Ops ops, Scope scope, int batch) {
        HeadBatch inputs = HeadBatch.sized(scope, batch, sequences, length);
        new TaskObjective(language, auxiliaryLossWeight).losses(ops, inputs);
    }
}
