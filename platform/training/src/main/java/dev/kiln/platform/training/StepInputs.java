package dev.kiln.platform.training;

import dev.kiln.platform.models.LanguageModel;
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
}
