package dev.kiln.platform.training;

import dev.kiln.platform.inference.LanguageModel;
import dev.kiln.platform.inference.heads.HeadBatch;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.model.Ops;

/** What a model reads in a step, of the largest size that there is: to count what it takes. */
public interface StepInputs {

    /** Tokens of a sequence, or of all sequences of an example. */
    int tokens();

    /**
     * Takes the losses of a batch.
     *
     * @param batch sequences or examples
     */
    void losses(LanguageModel language, Ops ops, Scope scope, int batch);

    /** Sequences of text, each token of which is predicted. */
    record Text(int tokens) implements StepInputs {

        @Override
        public void losses(LanguageModel language, Ops ops, Scope scope, int batch) {
            TextBatch inputs = TextBatch.sized(scope, batch, tokens);
            new TextObjective(language).losses(ops, inputs);
        }
    }

    /**
     * Examples of a task.
     *
     * @param sequences of an example, each of {@code length} tokens
     * @param auxiliaryLossWeight see {@link TaskObjective}
     */
    record Task(int sequences, int length, double auxiliaryLossWeight) implements StepInputs {

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
}
