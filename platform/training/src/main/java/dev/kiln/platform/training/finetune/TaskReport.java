package dev.kiln.platform.training.finetune;

import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.HuggingFaceFolder;
import dev.kiln.platform.tasks.HeadScores;
import dev.kiln.platform.tasks.HeadTask;
import dev.kiln.platform.training.TrainingTask;
import dev.kiln.platform.training.loop.Measurement;
import dev.kiln.platform.training.loop.Output;
import dev.kiln.platform.training.loop.TrainingLoop;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.run.RunEvent;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The end of a fine-tuning run: what the best epoch makes of the test part, and the figures.
 *
 * @param perEpoch updates of an epoch
 * @param epochs of the whole run
 */
record TaskReport(TaskMeasure measure, int perEpoch, int epochs)
        implements TrainingTask.LessonReport {
    private static final String PREDICTIONS = "predictions.jsonl";

    @Override
    public void write(TrainingLoop<?> loop, Output output) throws IOException {
        CheckpointState.Best best = loop.best().orElseThrow();
        TaskData data = measure.data();
        long epoch = Math.ceilDiv(best.step(), perEpoch);
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("task", data.task().name());
        results.put("kind", data.task().head());
        results.put("epoch", epoch);
        results.put("validation", json(best.loss(), best.scores(), data.validation()));
        StringBuilder summary = new StringBuilder();
        summary.append(
                String.format(
                        Locale.ROOT,
                        "epoch %d of %d was best: validation %s%n",
                        epoch,
                        epochs,
                        figures(best.loss(), best.scores())));
        if (!data.test().examples().isEmpty()) {
            loop.restoreBest();
            summary.append(test(loop.course().step(), output, results));
        }
        output.folder().write("results.json", HuggingFaceFolder.json(results) + "\n");
        summary.append("run folder: ").append(output.folder().path());
        output.events().tell(new RunEvent.Finished(summary.toString()));
    }

    /** Adds to the results; returns a line for the summary. */
    private String test(long step, Output output, Map<String, Object> results) throws IOException {
        HeadTask.Part test = measure.data().test();
        HeadScores scores = measure.scores(test);
        if (!test.answered()) {
            output.folder().write(PREDICTIONS, predictions(scores));
            return String.format(
                    Locale.ROOT,
                    "the task's test part has no known answers: %s has what the model says%n",
                    PREDICTIONS);
        }
        Measurement measured = measure.measurement("test", scores, step);
        if (!Double.isFinite(measured.loss())) {
            throw new InvalidInput("the test loss is " + measured.loss() + ", expected a number");
        }
        measured.events().forEach(output.events()::tell);
        output.folder().write(PREDICTIONS, predictions(scores));
        results.put("test", json(measured.loss(), measured.scores(), test));
        return String.format(
                Locale.ROOT,
                "test %s   (%,d examples)%n",
                figures(measured.loss(), measured.scores()),
                test.examples().size());
    }

    private static String figures(double loss, Map<String, Double> scores) {
        return scores.entrySet().stream()
                .map(
                        score ->
                                String.format(
                                        Locale.ROOT, "%s %.4f", score.getKey(), score.getValue()))
                .collect(
                        Collectors.joining(
                                "   ", "", String.format(Locale.ROOT, "   loss %.4f", loss)));
    }

    /** A line for each example. */
    private String predictions(HeadScores scores) {
        List<String> labels = measure.data().task().task().labels();
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

    private static Map<String, Object> json(
            double loss, Map<String, Double> scores, HeadTask.Part part) {
        Map<String, Object> json = new LinkedHashMap<>(scores);
        json.put("loss", loss);
        json.put("examples", part.examples().size());
        return json;
    }
}
