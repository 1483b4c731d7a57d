package dev.kiln.platform.training.finetune;

import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.tasks.HeadBatch;
import dev.kiln.platform.training.loop.Objective;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.Ops;
import java.util.List;

/**
 * L₂ + λ · L₁ (Radford et al., 2018, equation 5): the mean loss of the examples, and λ times the mean
 * of the sequences' own losses as texts, as the released code takes the means.
 *
 * @param auxiliaryLossWeight λ; 0 for no text loss
 */
record TaskObjective(LanguageModel language, double auxiliaryLossWeight)
        implements Objective<HeadBatch> {

    @Override
    public List<Tensor> losses(Ops ops, HeadBatch batch) {
        Tensor hidden = language.model().hidden(ops, batch.ids(), batch.positions()); // (S, T, C)
        Tensor task = language.head().losses(ops, hidden, batch.labels());
        return auxiliaryLossWeight == 0
                ? List.of(task)
                : List.of(task, nextTokens(ops, hidden, batch.next()));
    }

    private Tensor nextTokens(Ops ops, Tensor hidden, HeadInput input) {
        return ops.projectedCrossEntropy(
                ops.gather(hidden, input.rows().rows().orElseThrow()),
                language.model().outputTable(ops),
                input.targets(),
                input.weights());
    }
}
