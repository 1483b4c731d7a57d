package dev.kiln.platform.training;

import dev.kiln.platform.autograd.Tape;
import dev.kiln.platform.inference.LanguageModel;
import dev.kiln.platform.inference.heads.HeadBatch;
import dev.kiln.platform.inference.heads.HeadExample;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HeadInput;
import dev.kiln.spi.model.Ops;
import java.util.List;

/**
 * Makes updates for L₂ + λ · L₁ (Radford et al., 2018, equation 5): the mean loss of the examples,
 * and λ times the mean of the sequences' own losses as texts, as the released code takes the means.
 */
final class HeadTrainer {
    private static final long DROPOUT = 0xD21;

    private final Pupil pupil;
    private final FinetuneOptions.Training options;
    private final long seed;
    private final List<Tensor> gradients;

    HeadTrainer(Pupil pupil, FinetuneOptions.Training options, long seed) {
        this.pupil = pupil;
        this.options = options;
        this.seed = seed;
        gradients = pupil.trained().stream().map(Weight::gradient).toList();
    }

    /**
     * One update, unless its loss or its gradient is not finite: then weights stay as they were.
     *
     * @param step 0-based
     */
    Trainer.Outcome step(long step, List<HeadExample> examples, double learningRate) {
        Backend backend = pupil.backend();
        double loss = accumulate(step, examples);
        Trainer.Outcome outcome =
                new Trainer.Outcome(loss, Math.sqrt(backend.squaredNorm(gradients)));
        if (outcome.isFinite()) {
            double clip = options.clip();
            double norm = outcome.gradientNorm();
            double scale = clip > 0 && norm > clip ? clip / norm : 1;
            pupil.optimizer().update(step + 1, learningRate, scale);
            gradients.forEach(gradient -> backend.fill(gradient, 0));
        }
        return outcome;
    }

    /** Forward and backward; returns the objective. */
    private double accumulate(long step, List<HeadExample> examples) {
        LanguageModel model = pupil.model();
        Backend backend = model.backend();
        try (Scope scope = backend.scope()) {
            double share = options.languageModel();
            HeadBatch batch = HeadBatch.upload(backend, scope, examples, share);
            long key = Randomness.key(seed, DROPOUT, step);
            Tape tape = new Tape(backend, scope, model.precision(), model.layouts(), key);
            Ops ops = pupil.adapters().around(tape);
            Tensor hidden = model.model().hidden(ops, batch.ids(), batch.positions());
            Tensor losses = model.head().losses(ops, hidden, batch.labels());
            if (share == 0) {
                tape.backward();
                return sum(backend.floats(losses));
            }
            Tensor next = nextToken(ops, hidden, batch.next());
            tape.backward();
            return sum(backend.floats(losses)) + sum(backend.floats(next));
        }
    }

    private Tensor nextToken(Ops ops, Tensor hidden, HeadInput input) {
        return ops.projectedCrossEntropy(
                ops.gather(hidden, input.rows().rows().orElseThrow()),
                pupil.model().model().outputTable(ops),
                input.targets(),
                input.weights());
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
