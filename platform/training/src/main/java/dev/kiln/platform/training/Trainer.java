package dev.kiln.platform.training;

import dev.kiln.platform.autograd.Tape;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.Arrays;
import java.util.List;

/**
 * Makes updates. A step is a pure function of the weights, the optimizer's state, its index and
 * where it reads.
 */
final class Trainer {
    private static final long DROPOUT = 0xD20;

    private final Trainee trainee;
    private final MixedWindows windows;
    private final PretrainOptions.Training options;
    private final long seed;
    private final List<Tensor> gradients;
    private final int length;
    private final int[] window;
    private final int[] ids;
    private final int[] targets;
    private final float[] weights;

    Trainer(Trainee trainee, MixedWindows windows, PretrainOptions.Training options, long seed) {
        this.trainee = trainee;
        this.windows = windows;
        this.options = options;
        this.seed = seed;
        gradients = trainee.parameters().all().stream().map(Weight::gradient).toList();
        length = trainee.model().shape().context();
        window = new int[length + 1];
        ids = new int[options.batch() * length];
        targets = new int[ids.length];
        weights = new float[ids.length];
    }

    /**
     * What an update did.
     *
     * @param loss mean over the step's tokens, in nats
     * @param gradientNorm before clipping
     */
    record Outcome(double loss, double gradientNorm) {
        boolean isFinite() {
            return Double.isFinite(loss) && Double.isFinite(gradientNorm);
        }
    }

    /**
     * One update, unless its loss or its gradient is not finite: then weights stay as they were, and
     * the gradient is left for {@link Divergence} to look at.
     *
     * @param step 0-based
     * @param position sequences that were read before
     * @param batches whose gradients are added up
     */
    Outcome step(long step, long position, int batches, double learningRate) {
        Arrays.fill(weights, 1f / ((float) ids.length * batches));
        double loss = 0;
        for (int i = 0; i < batches; i++) {
            loss += accumulate(position + (long) i * options.batch());
        }
        Backend backend = trainee.backend();
        Outcome outcome = new Outcome(loss, Math.sqrt(backend.squaredNorm(gradients)));
        if (outcome.isFinite()) {
            trainee.optimizer().update(step + 1, learningRate, scale(outcome.gradientNorm()));
            gradients.forEach(gradient -> backend.fill(gradient, 0));
        }
        return outcome;
    }

    private double scale(double norm) {
        double clip = options.clip();
        return clip > 0 && norm > clip ? clip / norm : 1;
    }

    /** Forward and backward over one batch; returns its share of the step's loss. */
    private double accumulate(long position) {
        Backend backend = trainee.backend();
        try (Scope scope = backend.scope()) {
            Batch batch = batch(position, scope);
            long dropoutKey = Randomness.key(seed, DROPOUT, position);
            Tape tape =
                    new Tape(
                            backend,
                            scope,
                            trainee.language().precision(),
                            trainee.language().layouts(),
                            dropoutKey,
                            options.checkpointing());
            Tensor hidden = trainee.model().hidden(tape, batch.ids(), batch.positions());
            Tensor losses = trainee.language().head().losses(tape, hidden, batch.labels());
            tape.backward();
            return sum(backend.floats(losses));
        }
    }

    /** The batch that begins with this sequence, counted over all steps of the run. */
    Batch batch(long position, Scope scope) {
        for (int b = 0; b < options.batch(); b++) {
            windows.copy(position + b, window, 0);
            System.arraycopy(window, 0, ids, b * length, length);
            System.arraycopy(window, 1, targets, b * length, length);
        }
        return Batch.upload(trainee.backend(), scope, length, ids, targets, weights);
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
