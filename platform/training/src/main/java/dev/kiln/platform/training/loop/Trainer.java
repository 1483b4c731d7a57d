package dev.kiln.platform.training.loop;

import dev.kiln.platform.autograd.Tape;
import dev.kiln.platform.training.trainee.Trainee;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.List;

/**
 * Makes updates. One is a pure function of the weights, the optimizer's state, its index and where it
 * reads. Used by one thread.
 *
 * @param <B> a batch on a backend
 */
public final class Trainer<B> {
    private static final long DROPOUT = 0xD20;

    private final Trainee trainee;
    private final Batches<B> batches;
    private final Objective<B> objective;
    private final LoopOptions options;
    private final long seed;
    private final List<Tensor> gradients;

    public Trainer(
            Trainee trainee,
            Batches<B> batches,
            Objective<B> objective,
            LoopOptions options,
            long seed) {
        this.trainee = trainee;
        this.batches = batches;
        this.objective = objective;
        this.options = options;
        this.seed = seed;
        gradients = trainee.trained().stream().map(Weight::gradient).toList();
    }

    /**
     * What an update did.
     *
     * @param loss what was minimized, in nats
     * @param gradientNorm before clipping
     */
    record Outcome(double loss, double gradientNorm) {
        boolean isFinite() {
            return Double.isFinite(loss) && Double.isFinite(gradientNorm);
        }
    }

    Trainee trainee() {
        return trainee;
    }

    public Batches<B> batches() {
        return batches;
    }

    /**
     * One update, unless its loss or its gradient is not finite: then weights stay as they were, and
     * the gradient is left for {@link #firstNotFinite} to look at.
     *
     * @param step 0-based
     */
    public Outcome step(long step, Update<B> update, double learningRate) {
        Backend backend = trainee.backend();
        double loss = 0;
        for (int i = 0; i < update.batches(); i++) {
            loss += accumulate(update, i);
        }
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

    /** Forward and backward over one batch; returns its share of the update's loss. */
    private double accumulate(Update<B> update, int index) {
        Backend backend = trainee.backend();
        try (Scope scope = backend.scope()) {
            B batch = update.upload(index, scope);
            Tape tape =
                    new Tape(
                            backend,
                            scope,
                            trainee.language().precision(),
                            trainee.language().layouts(),
                            Randomness.key(seed, DROPOUT, update.place(index)),
                            options.checkpointing());
            List<Tensor> losses = objective.losses(trainee.adapted(tape), batch);
            tape.backward();
            return losses.stream().mapToDouble(some -> sum(backend.floats(some))).sum();
        }
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    /** The first tensor that is not finite, after an update whose loss or gradient was not. */
    String firstNotFinite(Update<B> update) {
        return new Divergence<>(trainee, objective).firstTensor(update);
    }
}
