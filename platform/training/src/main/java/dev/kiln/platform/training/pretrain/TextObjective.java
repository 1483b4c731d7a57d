package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.training.loop.Objective;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.Ops;
import java.util.List;

/** The head's own loss of every token: of a language model, that of predicting the next one. */
public record TextObjective(LanguageModel language) implements Objective<TextBatch> {

    @Override
    public List<Tensor> losses(Ops ops, TextBatch batch) {
        Tensor hidden = language.model().hidden(ops, batch.ids(), batch.positions()); // (B, T, C)
        return List.of(language.head().losses(ops, hidden, batch.labels()));
    }
}
