package dev.kiln.platform.training;

import dev.kiln.platform.inference.InvalidScore;
import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.training.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The steps of a run, with evaluations and checkpoints between them. Ends after the planned steps,
 * when its time is over, or when its thread is interrupted; each time with a checkpoint.
 */
final class TrainingLoop {
    private static final String MILLISECONDS = "milliseconds";

    private final PretrainOptions options;
    private final Trainee trainee;
    private final Events events;
    private final Start start;
    private final Corpus corpus;
    private final Checkpoints checkpoints;
    private final SavedState saved;
    private final Trainer trainer;
    private final MixedWindows windows;
    private final HeldOutParts heldOut;
    private final Schedule schedule;
    private final Course course;

    private long millisecondsBefore;
    private long started;
    private Optional<CheckpointState.Best> best = Optional.empty();
    private Optional<HeldOutParts.Results> last = Optional.empty();
    private boolean savedHere;

    /**
     * What a run starts from.
     *
     * @param data what tells the corpus from others, by name
     * @param course at its beginning
     * @param checkpoint of a run that is resumed
     */
    record Start(
            Corpus corpus,
            Map<String, String> data,
            Course course,
            Optional<Checkpoint> checkpoint) {}

    TrainingLoop(
            PretrainOptions options,
            Context context,
            Trainee trainee,
            Start start,
            RunFolder folder,
            Events events) {
        this.options = options;
        this.trainee = trainee;
        this.start = start;
        this.events = events;
        corpus = start.corpus();
        course = start.course();
        checkpoints = new Checkpoints(folder.path(), options.checkpoints().keep());
        saved = new SavedState(checkpoints, trainee);
        windows = new MixedWindows(corpus, trainee.model().shape().context(), context.seed());
        trainer = new Trainer(trainee, windows, options.training(), context.seed());
        heldOut = new HeldOutParts(corpus, trainee.language(), options.evaluation());
        schedule = options.schedule().create(context);
    }

    void run() throws IOException {
        if (start.checkpoint().isPresent()) {
            resume(start.checkpoint().get());
        }
        events.tell(new RunEvent.Started(title(), course.step(), course.steps()));
        corpus.notices().forEach(this::notice);
        started = System.nanoTime();
        while (!isOver() && !Thread.currentThread().isInterrupted()) {
            update();
            boolean end = course.isOver() || timeIsOver();
            if (end || course.step() % options.evaluation().every() == 0) {
                evaluate();
            }
            if (end || patienceIsOver() || course.step() % options.checkpoints().every() == 0) {
                save();
            }
        }
        if (Thread.interrupted()) {
            save();
            throw new Stopped(course.step(), course.steps());
        }
        if (last.isEmpty()) {
            evaluate();
        }
        if (patienceIsOver()) {
            notice(
                    String.format(
                            Locale.ROOT,
                            "training ends after step %,d: no evaluation of the last %d was better"
                                    + " than that of step %,d (evaluation.patience)",
                            course.step(),
                            options.evaluation().patience().orElseThrow(),
                            best.orElseThrow().step()));
        }
    }

    private boolean isOver() {
        return course.isOver() || timeIsOver() || patienceIsOver();
    }

    /**
     * Whether too many evaluations in a row were no better. They come at fixed steps, so the best
     * one's step, which a checkpoint keeps, says how many there were since.
     */
    private boolean patienceIsOver() {
        int every = options.evaluation().every();
        return best.isPresent()
                && options.evaluation()
                        .patience()
                        .filter(most -> course.step() / every - best.get().step() / every >= most)
                        .isPresent();
    }

    private void resume(Checkpoint checkpoint) throws IOException {
        CheckpointState state = checkpoint.state();
        saved.load(checkpoint);
        course.resume(state);
        best = state.best();
        if (best.isPresent() && best.get().step() == course.step()) {
            checkpoints.markBest(
                    course.step()); // A kill may have come between the save and its mark.
        }
        millisecondsBefore = Long.parseLong(state.values().getOrDefault(MILLISECONDS, "0"));
        savedHere = true;
        notice(
                String.format(
                        Locale.ROOT,
                        "resumed after step %,d from %s",
                        course.step(),
                        checkpoint.folder()));
    }

    private void update() {
        long before = System.nanoTime();
        double rate = schedule.learningRate(course.progress());
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "step %,d: schedule %s gave the learning rate %s",
                            course.step() + 1,
                            options.schedule().name(),
                            rate));
        }
        long tokens = course.stepTokens();
        Trainer.Outcome outcome =
                trainer.step(course.step(), course.position(), course.batches(), rate);
        if (!outcome.isFinite()) {
            throw diverged(outcome);
        }
        course.advance();
        savedHere = false;
        last = Optional.empty();
        double seconds = (System.nanoTime() - before) / 1e9;
        events.tell(
                new RunEvent.Step(
                        course.step(),
                        course.tokens(),
                        outcome.loss(),
                        rate,
                        outcome.gradientNorm(),
                        tokens / seconds,
                        elapsed()));
    }

    private InvalidInput diverged(Trainer.Outcome outcome) {
        String tensor;
        try (Scope scope = trainee.backend().scope()) {
            Batch batch = trainer.batch(course.position(), scope);
            tensor = Divergence.firstTensor(trainee, batch, scope);
        }
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "step %,d: the loss is %s and the gradient norm %s; the first tensor that is not"
                                + " finite: %s; %s; a lower learning rate or training.clip may help",
                        course.step() + 1,
                        outcome.loss(),
                        outcome.gradientNorm(),
                        tensor,
                        lastGood()));
    }

    private String lastGood() {
        return checkpoints
                .latest(this::notice)
                .map(checkpoint -> "the last good checkpoint is " + checkpoint.folder())
                .orElse("no checkpoint was saved before");
    }

    private void evaluate() throws IOException {
        last = measured();
        if (last.isEmpty()) {
            return;
        }
        HeldOut.Result result = last.get().total();
        events.tell(
                new RunEvent.Evaluated(
                        course.step(),
                        course.tokens(),
                        result.loss(),
                        result.perplexity(),
                        result.bitsPerByte()));
        if (best.isEmpty() || result.loss() < best.get().loss()) {
            best = Optional.of(new CheckpointState.Best(course.step(), result.loss()));
            save();
            checkpoints.markBest(course.step());
        }
    }

    private Optional<HeldOutParts.Results> measured() {
        try {
            return heldOut.measure();
        } catch (InvalidScore e) {
            throw new InvalidInput(
                    "step "
                            + course.step()
                            + ": held out, "
                            + e.getMessage()
                            + Divergence.weights(trainee.backend(), trainee.parameters().all())
                                    .map(name -> "; " + name + " is not finite")
                                    .orElse("")
                            + "; "
                            + lastGood(),
                    e);
        }
    }

    private void save() throws IOException {
        if (savedHere) {
            return;
        }
        Divergence.weights(trainee.backend(), trainee.parameters().all())
                .ifPresent(
                        name -> {
                            throw new InvalidInput(
                                    String.format(
                                            Locale.ROOT,
                                            "step %,d: %s is not finite; %s",
                                            course.step(),
                                            name,
                                            lastGood()));
                        });
        Map<String, String> values = new TreeMap<>(start.data());
        values.put(MILLISECONDS, Long.toString(elapsed().toMillis()));
        CheckpointState state =
                new CheckpointState(
                        course.step(), course.tokens(), course.position(), best, values);
        Path folder = saved.save(state);
        savedHere = true;
        boolean isBest = best.isPresent() && best.get().step() == course.step();
        events.tell(new RunEvent.Saved(course.step(), folder, isBest));
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
        return String.format(
                Locale.ROOT,
                "%s, %,d parameters, on %s: %,d training tokens, %,d held out, %s",
                options.model().name(),
                trainee.parameters().count(),
                options.data().name(),
                corpus.trainingTokens(),
                heldOut.size(),
                trainee.backend().capabilities().device());
    }

    /** The evaluation after the last step; empty when nothing is held out. */
    Optional<HeldOut.Result> result() {
        return last.map(HeldOutParts.Results::total);
    }

    /**
     * A part of a mixture at the end of the run.
     *
     * @param share of the training sequences
     * @param epochs how many times it was read
     * @param result empty when it holds nothing out
     */
    record Part(String name, double share, double epochs, Optional<HeldOut.Result> result) {}

    /** The parts of the mixture; empty when the corpus is none. */
    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; corpus.isMixture() && i < corpus.parts().size(); i++) {
            Corpus.Part part = corpus.parts().get(i);
            int index = i;
            Optional<HeldOut.Result> result = last.flatMap(all -> all.parts().get(index));
            double epochs = windows.epochs(i, course.position());
            parts.add(new Part(part.name(), part.share(), epochs, result));
        }
        return parts;
    }

    /** The best evaluation of the run; empty when nothing is held out: then the last step is best. */
    Optional<CheckpointState.Best> best() {
        return best;
    }

    /** The step whose weights are the run's result. */
    long bestStep() {
        return best.map(CheckpointState.Best::step).orElse(course.step());
    }

    long step() {
        return course.step();
    }

    Duration time() {
        return elapsed();
    }

    /** Takes the weights back to the best checkpoint, if the last evaluation was not the best. */
    void restoreBest() {
        if (bestStep() != course.step()) {
            checkpoints.best(this::notice).ifPresent(saved::loadWeights);
        }
    }
}
