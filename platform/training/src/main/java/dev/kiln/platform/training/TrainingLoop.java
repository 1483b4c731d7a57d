package dev.kiln.platform.training;

import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.training.Progress;
import dev.kiln.spi.training.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The steps of a run, with evaluations and checkpoints between them. Ends after the planned steps,
 * when its time is over, or when its thread is interrupted; each time with a checkpoint.
 */
final class TrainingLoop {
    private static final String MILLISECONDS = "milliseconds";

    private final PretrainOptions options;
    private final Trainee trainee;
    private final Events events;
    private final Corpus corpus;
    private final Checkpoints checkpoints;
    private final SavedState saved;
    private final Trainer trainer;
    private final HeldOut heldOut;
    private final Schedule schedule;
    private final long steps;
    private final long tokensPerStep;

    private long step;
    private long millisecondsBefore;
    private long started;
    private Optional<CheckpointState.Best> best = Optional.empty();
    private Optional<HeldOut.Result> last = Optional.empty();
    private boolean savedHere;

    TrainingLoop(
            PretrainOptions options,
            Context context,
            Trainee trainee,
            Corpus corpus,
            RunFolder folder,
            Events events) {
        this.options = options;
        this.trainee = trainee;
        this.corpus = corpus;
        this.events = events;
        int length = trainee.model().shape().context();
        steps = options.training().totalSteps(length);
        tokensPerStep = options.training().tokensPerStep(length);
        checkpoints = new Checkpoints(folder.path(), options.checkpoints().keep());
        saved = new SavedState(checkpoints, trainee);
        Windows windows = new Windows(corpus.train(), length, corpus.order(), context.seed());
        trainer = new Trainer(trainee, windows, options.training(), context.seed());
        heldOut =
                new HeldOut(
                        corpus.heldOut(),
                        trainee.language(),
                        options.evaluation().tokens().orElse(Long.MAX_VALUE),
                        options.evaluation().batch());
        schedule = options.schedule().create(context);
    }

    void run() throws IOException {
        Optional<Checkpoint> checkpoint = checkpoints.latest(this::notice);
        if (checkpoint.isPresent()) {
            resume(checkpoint.get());
        }
        events.tell(new RunEvent.Started(title(), step, steps));
        started = System.nanoTime();
        while (step < steps && !timeIsOver() && !Thread.currentThread().isInterrupted()) {
            update();
            boolean end = step == steps || timeIsOver();
            if (end || step % options.evaluation().every() == 0) {
                evaluate();
            }
            if (end || step % options.checkpoints().every() == 0) {
                save();
            }
        }
        if (Thread.interrupted()) {
            save();
            throw new InvalidInput(
                    "interrupted after step %,d of %,d; its checkpoint is kept: add resume=auto to go on"
                            .formatted(step, steps));
        }
        if (last.isEmpty()) {
            evaluate();
        }
    }

    private void resume(Checkpoint checkpoint) throws IOException {
        CheckpointState state = checkpoint.state();
        saved.load(checkpoint);
        step = state.step();
        best = state.best();
        if (best.isPresent() && best.get().step() == step) {
            checkpoints.markBest(step); // A kill may have come between the save and its mark.
        }
        millisecondsBefore = Long.parseLong(state.values().getOrDefault(MILLISECONDS, "0"));
        savedHere = true;
        notice("resumed after step %,d from %s".formatted(step, checkpoint.folder()));
    }

    private void update() {
        long before = System.nanoTime();
        long tokens = step * tokensPerStep;
        double rate =
                schedule.learningRate(new Progress(step, steps, tokens, steps * tokensPerStep));
        Trainer.Outcome outcome = trainer.step(step, rate);
        if (!outcome.isFinite()) {
            throw diverged(step + 1, outcome);
        }
        step++;
        savedHere = false;
        last = Optional.empty();
        double seconds = (System.nanoTime() - before) / 1e9;
        events.tell(
                new RunEvent.Step(
                        step,
                        step * tokensPerStep,
                        outcome.loss(),
                        rate,
                        outcome.gradientNorm(),
                        tokensPerStep / seconds,
                        elapsed()));
    }

    private InvalidInput diverged(long at, Trainer.Outcome outcome) {
        String tensor;
        try (Scope scope = trainee.backend().scope()) {
            Batch batch =
                    trainer.batch((at - 1) * options.training().gradientAccumulation(), scope);
            tensor = Divergence.firstTensor(trainee, batch, scope);
        }
        return new InvalidInput(
                ("step %,d: the loss is %s and the gradient norm %s; the first tensor that is not"
                                + " finite: %s; %s; a lower learning rate or training.clip may help")
                        .formatted(at, outcome.loss(), outcome.gradientNorm(), tensor, lastGood()));
    }

    private String lastGood() {
        return checkpoints
                .latest(this::notice)
                .map(checkpoint -> "the last good checkpoint is " + checkpoint.folder())
                .orElse("no checkpoint was saved before");
    }

    private void evaluate() throws IOException {
        HeldOut.Result result = heldOut.measure();
        last = Optional.of(result);
        events.tell(
                new RunEvent.Evaluated(
                        step,
                        step * tokensPerStep,
                        result.loss(),
                        result.perplexity(),
                        result.bitsPerByte()));
        if (best.isEmpty() || result.loss() < best.get().loss()) {
            best = Optional.of(new CheckpointState.Best(step, result.loss()));
            save();
            checkpoints.markBest(step);
        }
    }

    private void save() throws IOException {
        if (savedHere) {
            return;
        }
        Divergence.weights(trainee)
                .ifPresent(
                        name -> {
                            throw new InvalidInput(
                                    "step %,d: %s is not finite; %s"
                                            .formatted(step, name, lastGood()));
                        });
        CheckpointState state =
                new CheckpointState(
                        step,
                        step * tokensPerStep,
                        step
                                * options.training().batch()
                                * options.training().gradientAccumulation(),
                        best,
                        Map.of(MILLISECONDS, Long.toString(elapsed().toMillis())));
        Path folder = saved.save(state);
        savedHere = true;
        boolean isBest = best.isPresent() && best.get().step() == step;
        events.tell(new RunEvent.Saved(step, folder, isBest));
    }

    private boolean timeIsOver() {
        double minutes = options.training().minutes().orElse(Double.MAX_VALUE);
        return elapsed().toMillis() >= minutes * 60_000;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started).plusMillis(millisecondsBefore);
    }

    private void notice(String message) {
        events.tell(new RunEvent.Notice(message));
    }

    private String title() {
        return "%s, %,d parameters, on %s: %,d training tokens, %,d held out, %s"
                .formatted(
                        options.model().name(),
                        trainee.parameters().count(),
                        options.data().name(),
                        corpus.train().size(),
                        heldOut.size(),
                        trainee.backend().capabilities().device());
    }

    /** The evaluation after the last step. */
    HeldOut.Result result() {
        return last.orElseThrow();
    }

    /** The best evaluation of the run. */
    CheckpointState.Best best() {
        return best.orElseThrow();
    }

    long step() {
        return step;
    }

    Duration time() {
        return elapsed();
    }

    /** Takes the weights back to the best checkpoint, if the last evaluation was not the best. */
    void restoreBest() {
        if (best().step() != step) {
            checkpoints.best(this::notice).ifPresent(saved::loadWeights);
        }
    }
}
