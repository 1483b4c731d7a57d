package dev.kiln.platform.training;

import dev.kiln.platform.inference.LanguageModel;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.Ops;
import java.util.List;

/** The head's own loss of every token: of a language model, that of predicting the next one. */
record TextObjective(LanguageModel language) implements Objective<TextBatch> {

    @Override
    public List<Tensor> losses(Ops ops, TextBatch batch) {
        Tensor hidden = language.model().hidden(ops, batch.ids(), batch.positions()); // (B, T, C)
        return List.of(language.head().losses(ops, hidden, batch.labels()));
    }
}
