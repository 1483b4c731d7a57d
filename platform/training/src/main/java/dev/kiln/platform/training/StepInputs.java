package dev.kiln.platform.training;

import dev.kiln.platform.inference.LanguageModel;
import dev.kiln.platform.inference.heads.HeadBatch;
import dev.kiln.platform.inference.heads.HeadExample;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.model.Ops;
import java.util.Collections;
import java.util.List;

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
            int[] ids = new int[batch * tokens];
            TextBatch inputs =
                    TextBatch.upload(
                            language.backend(), scope, tokens, ids, ids, new float[ids.length]);
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
            HeadExample longest =
                    new HeadExample("", Collections.nCopies(sequences, new int[length]), 0);
            List<HeadExample> examples = Collections.nCopies(batch, longest);
            HeadBatch inputs =
                    HeadBatch.upload(
                            language.backend(),
                            scope,
                            examples,
                            HeadBatch.Counts.means(examples, auxiliaryLossWeight));
            new TaskObjective(language, auxiliaryLossWeight).losses(ops, inputs);
        }
    }
}
