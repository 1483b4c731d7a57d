package dev.kiln.plugins.languagemodel;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;

/**
 * P(next token) = softmax(h · Wᵀ) for the output table W [V, C]: it has no weights of its own
 * (Radford et al., 2018, equation 2). An example is one position.
 */
record LanguageModelHead(Model model) implements TaskHead.Attached {

    @Override
    public Tensor losses(Ops ops, Tensor hidden, HeadInput input) {
        return ops.projectedCrossEntropy(
                read(ops, hidden, input.rows()),
                model.outputTable(ops),
                input.targets(),
                input.weights());
    }

    @Override
    public Tensor scores(Ops ops, Tensor hidden, HeadRows rows) {
        return ops.logits(read(ops, hidden, rows), model.outputTable(ops));
    }

    private static Tensor read(Ops ops, Tensor hidden, HeadRows rows) {
        return rows.rows().map(indices -> ops.gather(hidden, indices)).orElse(hidden);
    }
}
