package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.training.StepInputs;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.model.Ops;

/** Sequences of text, each token of which is predicted. */
public record TextInputs(int tokens) implements StepInputs {

    @Override
    public void losses(LanguageModel language, Ops ops, Scope scope, int batch) {
        TextBatch inputs = TextBatch.sized(scope, batch, tokens);
        new TextObjective(language).losses(ops, inputs);
    }
}
