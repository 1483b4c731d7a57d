package dev.kiln.platform.training.loop;

import dev.kiln.platform.models.InvalidScore;
import dev.kiln.platform.run.Events;
import dev.kiln.platform.run.Stopped;
import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.training.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The steps of a run, with evaluations and checkpoints between them. Ends after the planned steps,
 * when its time is over, when nothing gets better, or when its thread is interrupted; each time with
 * a checkpoint. Used by one thread.
 *
 * @param <B> a batch on a backend
 */
public final class TrainingLoop<B> {
    private static final String MILLISECONDS = "milliseconds";

    private final LoopOptions options;
    private final Trainer<B> trainer;
    private final Measure measure;
    private final Start start;
    private final Events events;
    private final Checkpoints checkpoints;
    private final SavedTrainee saved;
    private final Course course;

    private long millisecondsBefore;
    private long started;
    private Optional<CheckpointState.Best> best = Optional.empty();
    private boolean measuredHere;
    private boolean savedHere;

    /**
     * What a run starts from.
     *
     * @param title one line that says what runs
     * @param schedule of the learning rate
     * @param data what tells the data from others, by name
     * @param checkpoint of a run that is resumed
     * @param notices what the user should know, a line each
     * @param best what else is kept of a best checkpoint
     */
    public record Start(
            String title,
            Schedule schedule,
            Map<String, String> data,
            Optional<Checkpoint> checkpoint,
            List<String> notices,
            BestListener best) {}

    /** Is told when the weights are those of a best checkpoint that was saved. */
    @FunctionalInterface
    public interface BestListener {
        public void best() throws IOException;
    }

    public TrainingLoop(
            LoopOptions options, Trainer<B> trainer, Measure measure, Start start, Output output) {
        this.options = options;
        this.trainer = trainer;
        this.measure = measure;
        this.start = start;
        events = output.events();
        checkpoints = new Checkpoints(output.folder().path(), options.checkpoints().keep());
        saved = new SavedTrainee(checkpoints, trainer.trainee());
        course = new Course(trainer.batches());
    }

    public void run() throws IOException {
        if (start.checkpoint().isPresent()) {
            resume(start.checkpoint().get());
        }
        events.tell(new RunEvent.Started(start.title(), course.step(), course.steps()));
        start.notices().forEach(this::notice);
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
        if (!measuredHere) {
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
        long every = options.evaluation().every();
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
            keepBest(); // a kill may have come between the save and its mark
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
        double rate = learningRate();
        Update<B> update = trainer.batches().at(course.tokens(), course.position());
        Trainer.Outcome outcome = trainer.step(course.step(), update, rate);
        if (!outcome.isFinite()) {
            throw diverged(update, outcome);
        }
        course.advance(update);
        savedHere = false;
        measuredHere = false;
        double seconds = (System.nanoTime() - before) / 1e9;
        events.tell(
                new RunEvent.Step(
                        course.step(),
                        course.tokens(),
                        outcome.loss(),
                        rate,
                        outcome.gradientNorm(),
                        update.tokens() / seconds,
                        elapsed()));
    }

    private double learningRate() {
        double rate = start.schedule().learningRate(course.progress());
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "step %,d: schedule %s gave the learning rate %s",
                            course.step() + 1,
                            options.schedule().name(),
                            rate));
        }
        return rate;
    }

    private InvalidInput diverged(Update<B> update, Trainer.Outcome outcome) {
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "step %,d: the loss is %s and the gradient norm %s; the first tensor that is not"
                                + " finite: %s; %s; a lower learning rate or training.clip may help",
                        course.step() + 1,
                        outcome.loss(),
                        outcome.gradientNorm(),
                        trainer.firstNotFinite(update),
                        lastGood()));
    }

    private String lastGood() {
        return checkpoints
                .latest(this::notice)
                .map(checkpoint -> "the last good checkpoint is " + checkpoint.folder())
                .orElse("no checkpoint was saved before");
    }

    private void evaluate() throws IOException {
        Optional<Measurement> found = measured();
        measuredHere = true;
        if (found.isEmpty()) {
            return;
        }
        Measurement measured = found.get();
        measured.events().forEach(events::tell);
        if (best.isEmpty() || measured.beats(best.get())) {
            best =
                    Optional.of(
                            new CheckpointState.Best(
                                    course.step(), measured.loss(), measured.scores()));
            save();
            keepBest();
        }
    }

    private void keepBest() throws IOException {
        checkpoints.markBest(course.step());
        start.best().best();
    }

    private Optional<Measurement> measured() {
        try {
            return measure.measure(course.step(), course.tokens());
        } catch (InvalidScore e) {
            throw new InvalidInput(
                    "step "
                            + course.step()
                            + ": "
                            + measure.name()
                            + ", "
                            + e.getMessage()
                            + Divergence.weights(trainer.trainee())
                                    .map(name -> "; " + name + " is not finite")
                                    .orElse("")
                            + "; "
                            + lastGood()
                            + "; a lower learning rate or training.clip may help",
                    e);
        }
    }

    private void save() throws IOException {
        if (savedHere) {
            return;
        }
        Divergence.weights(trainer.trainee())
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
        if (best.isEmpty()) {
            start.best().best(); // where nothing is measured, the last is the best
        }
    }

    private boolean timeIsOver() {
        double minutes = options.minutes().orElse(Double.MAX_VALUE);
        return elapsed().toMillis() >= minutes * 60_000;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started).plusMillis(millisecondsBefore);
    }

    private void notice(String message) {
        events.tell(new RunEvent.Notice(message));
    }

    /** The best evaluation of the run; empty when nothing is measured: then the last step is best. */
    public Optional<CheckpointState.Best> best() {
        return best;
    }

    /** The step whose weights are the run's result. */
    public long bestStep() {
        return best.map(CheckpointState.Best::step).orElse(course.step());
    }

    /** Where the run ended. */
    public Course course() {
        return course;
    }

    public Duration time() {
        return elapsed();
    }

    /** Takes the weights to the run's result, adapters merged: what whoever opens the folder gets. */
    public void restoreBest() {
        if (bestStep() != course.step() || trainer.trainee().isAdapted()) {
            checkpoints
                    .best(this::notice)
                    .or(() -> checkpoints.latest(this::notice))
                    .ifPresent(saved::loadMerged);
        }
    }
}
