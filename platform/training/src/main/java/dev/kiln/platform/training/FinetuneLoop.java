package dev.kiln.platform.training;

import dev.kiln.platform.autograd.Adapters;
import dev.kiln.platform.inference.InvalidScore;
import dev.kiln.platform.inference.heads.Confusion;
import dev.kiln.platform.inference.heads.HeadExample;
import dev.kiln.platform.inference.heads.HeadScores;
import dev.kiln.platform.inference.heads.HeadTask;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.HuggingFaceFolder;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.training.Progress;
import dev.kiln.spi.training.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The epochs of a fine-tuning run. The one that does best on the validation part is kept. */
final class FinetuneLoop {
    private static final String PREDICTIONS = "predictions.jsonl";

    private final FinetuneOptions options;
    private final long seed;
    private final Pupil pupil;
    private final TaskData data;
    private final RunFolder folder;
    private final Events events;
    private final Schedule schedule;
    private final HeadTrainer trainer;
    private final Checkpoints checkpoints;
    private final SavedPupil saved;
    private final List<HeadExample> training;
    private final long steps;
    private final long totalTokens;

    private final long started = System.nanoTime();
    private long step;
    private long tokens;
    private Optional<Epoch> best = Optional.empty();

    /** What an epoch came to on the validation part. */
    private record Epoch(int number, long step, Measured validation) {
        boolean beats(Epoch other) {
            int order = Double.compare(validation.known(), other.validation.known());
            return order > 0 || order == 0 && validation.loss() < other.validation.loss();
        }
    }

    /**
     * A part that was measured.
     *
     * @param scores by metric, what the task is known by first
     */
    private record Measured(double loss, Map<String, Double> scores) {
        double known() {
            return scores.values().iterator().next();
        }

        @Override
        public String toString() {
            return scores.entrySet().stream()
                    .map(
                            score ->
                                    String.format(
                                            Locale.ROOT,
                                            "%s %.4f",
                                            score.getKey(),
                                            score.getValue()))
                    .collect(
                            Collectors.joining(
                                    "   ", "", String.format(Locale.ROOT, "   loss %.4f", loss)));
        }
    }

    FinetuneLoop(
            FinetuneOptions options,
            Context context,
            Pupil pupil,
            TaskData data,
            RunFolder folder,
            Events events) {
        this.options = options;
        this.pupil = pupil;
        this.data = data;
        this.folder = folder;
        this.events = events;
        seed = context.seed();
        schedule = options.schedule().create(context);
        trainer = new HeadTrainer(pupil, options.training(), seed);
        checkpoints = new Checkpoints(folder.path(), 1);
        saved = new SavedPupil(checkpoints, pupil, options);
        training = first(data.train().examples(), options.training().examples());
        long perEpoch = Math.ceilDiv(training.size(), options.training().batch());
        steps = perEpoch * options.training().epochs();
        totalTokens =
                options.training().epochs()
                        * training.stream().mapToLong(HeadExample::tokens).sum();
    }

    private static List<HeadExample> first(List<HeadExample> all, Optional<Integer> most) {
        return all.subList(0, Math.min(most.orElse(all.size()), all.size()));
    }

    void run() throws IOException {
        events.tell(new RunEvent.Started(title(), 0, steps));
        events.tell(new RunEvent.Notice(pupil.cost()));
        if (data.cut() > 0) {
            events.tell(
                    new RunEvent.Notice(
                            String.format(
                                    Locale.ROOT,
                                    "%,d examples are longer than the context and lost the ends of their texts",
                                    data.cut())));
        }
        for (int epoch = 1; epoch <= options.training().epochs(); epoch++) {
            learn(epoch);
            HeadScores scores = scores("validation", data.validation(), pupil.adapters());
            choose(new Epoch(epoch, step, measured(scores)));
            if (patienceIsOver(epoch)) {
                events.tell(new RunEvent.Notice(noBetter(epoch)));
                break;
            }
        }
        report();
    }

    private boolean patienceIsOver(int epoch) {
        int since = epoch - best.map(Epoch::number).orElse(epoch);
        return options.evaluation().patience().filter(most -> since >= most).isPresent();
    }

    private String noBetter(int epoch) {
        return String.format(
                Locale.ROOT,
                "training ends after epoch %d: no epoch of the last %d was better than epoch %d"
                        + " (evaluation.patience)",
                epoch,
                options.evaluation().patience().orElseThrow(),
                best.orElseThrow().number());
    }

    private String title() {
        return String.format(
                Locale.ROOT,
                "%s on task '%s', %,d training and %,d validation examples, %,d for the test, %s",
                options.from(),
                data.task().name(),
                training.size(),
                data.validation().examples().size(),
                data.test().examples().size(),
                pupil.backend().capabilities().device());
    }

    /** Goes through the training part once, in an order of its own. */
    private void learn(int epoch) {
        Batching batching = new Batching(options.training().batch(), seed);
        for (List<HeadExample> batch : batching.batches(training, epoch)) {
            update(batch);
            if (Thread.interrupted()) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "interrupted after step %,d of %,d; %s",
                                step,
                                steps,
                                kept()));
            }
        }
    }

    private void update(List<HeadExample> examples) {
        long before = System.nanoTime();
        double rate = schedule.learningRate(new Progress(step, steps, tokens, totalTokens));
        Trainer.Outcome outcome = trainer.step(step, examples, rate);
        if (!outcome.isFinite()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "step %,d: the loss is %s and the gradient norm %s; %s; a lower learning rate or training.clip may help",
                            step + 1,
                            outcome.loss(),
                            outcome.gradientNorm(),
                            kept()));
        }
        int read = examples.stream().mapToInt(HeadExample::tokens).sum();
        step++;
        tokens += read;
        long now = System.nanoTime();
        events.tell(
                new RunEvent.Step(
                        step,
                        tokens,
                        outcome.loss(),
                        rate,
                        outcome.gradientNorm(),
                        read / ((now - before) / 1e9),
                        Duration.ofNanos(now - started)));
    }

    private String kept() {
        return best.map(
                        epoch ->
                                String.format(
                                        Locale.ROOT,
                                        "epoch %d is kept in %s",
                                        epoch.number(),
                                        folder.path()))
                .orElse("no epoch is kept");
    }

    private void choose(Epoch epoch) throws IOException {
        requireFinite("validation", epoch.validation());
        tell("validation", epoch.validation());
        if (best.isEmpty() || epoch.beats(best.get())) {
            best = Optional.of(epoch);
            CheckpointState.Best mark =
                    new CheckpointState.Best(epoch.step(), epoch.validation().loss());
            Path kept =
                    saved.save(new CheckpointState(step, tokens, 0, Optional.of(mark), Map.of()));
            checkpoints.markBest(step);
            if (options.lora().isPresent()) {
                saved.saveAdapters(folder.path().resolve("adapter"), options.lora().get());
            }
            events.tell(new RunEvent.Saved(step, kept, true));
        }
    }

    /** What is measured with numbers that are none is not chosen, saved or reported. */
    private void requireFinite(String part, Measured measured) {
        if (!Double.isFinite(measured.loss()) || weightThatIsNotFinite().isPresent()) {
            throw refusal("the " + part + " loss is " + measured.loss());
        }
    }

    private Optional<String> weightThatIsNotFinite() {
        return Divergence.weights(pupil.backend(), pupil.parameters().all())
                .or(() -> Divergence.weights(pupil.backend(), pupil.trained()));
    }

    private InvalidInput refusal(String reason) {
        return new InvalidInput(
                "step "
                        + step
                        + ": "
                        + reason
                        + weightThatIsNotFinite()
                                .map(name -> "; " + name + " is not finite")
                                .orElse("")
                        + "; "
                        + kept()
                        + "; a lower learning rate or training.clip may help");
    }

    private HeadScores scores(String name, HeadTask.Part part, Adapters adapters) {
        try {
            return HeadScores.of(
                    pupil.model(), part.examples(), options.training().batch(), adapters::around);
        } catch (InvalidScore e) {
            throw refusal(name + " part, " + e.getMessage());
        }
    }

    private Measured measured(HeadScores scores) {
        Confusion confusion = scores.confusion();
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (Metric metric : data.task().task().metrics()) {
            confusion.metric(metric).ifPresent(value -> metrics.put(word(metric), value));
        }
        metrics.putIfAbsent(word(Metric.ACCURACY), confusion.accuracy());
        return new Measured(scores.loss(), metrics);
    }

    private static String word(Metric metric) {
        return metric.name().toLowerCase(Locale.ROOT);
    }

    private void tell(String part, Measured measured) {
        events.tell(new RunEvent.Scored(step, part, measured.loss(), measured.scores()));
    }

    /** Measures the best epoch on the test part, and says how it went. */
    private void report() throws IOException {
        Epoch epoch = best.orElseThrow();
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("task", data.task().name());
        results.put("kind", data.task().head());
        results.put("epoch", epoch.number());
        results.put("validation", json(epoch.validation(), data.validation()));
        StringBuilder summary = new StringBuilder();
        summary.append(
                String.format(
                        Locale.ROOT,
                        "epoch %d of %d was best: validation %s%n",
                        epoch.number(),
                        options.training().epochs(),
                        epoch.validation()));
        HeadTask.Part test = data.test();
        if (!test.examples().isEmpty()) {
            saved.loadBest();
            HeadScores scores = scores("test", test, Adapters.none());
            if (test.answered()) {
                Measured measured = measured(scores);
                requireFinite("test", measured);
                tell("test", measured);
                folder.write(PREDICTIONS, predictions(scores));
                results.put("test", json(measured, test));
                summary.append(
                        String.format(
                                Locale.ROOT,
                                "test %s   (%,d examples)%n",
                                measured,
                                test.examples().size()));
            } else {
                folder.write(PREDICTIONS, predictions(scores));
                summary.append(
                        String.format(
                                Locale.ROOT,
                                "the task's test part has no known answers: %s has what the model says%n",
                                PREDICTIONS));
            }
        }
        folder.write("results.json", HuggingFaceFolder.json(results) + "\n");
        events.tell(new RunEvent.Finished(summary + "run folder: " + folder.path()));
    }

    /** A line for each example. */
    private String predictions(HeadScores scores) {
        List<String> labels = data.task().task().labels();
        int[] predicted = scores.predictions();
        StringBuilder lines = new StringBuilder();
        for (int n = 0; n < predicted.length; n++) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("id", scores.examples().get(n).id());
            line.put("predicted", predicted[n]);
            if (!labels.isEmpty()) {
                line.put("label", labels.get(predicted[n]));
            }
            lines.append(HuggingFaceFolder.json(line)).append('\n');
        }
        return lines.toString();
    }

    private static Map<String, Object> json(Measured measured, HeadTask.Part part) {
        Map<String, Object> json = new LinkedHashMap<>(measured.scores());
        json.put("loss", measured.loss());
        json.put("examples", part.examples().size());
        return json;
    }
}
