package dev.kiln.platform.training.finetune;

import dev.kiln.platform.tasks.Confusion;
import dev.kiln.platform.tasks.HeadScores;
import dev.kiln.platform.tasks.HeadTask;
import dev.kiln.platform.training.loop.Measure;
import dev.kiln.platform.training.loop.Measurement;
import dev.kiln.platform.training.trainee.Trainee;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.run.RunEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Measures a model on the validation part of a task. Used by one thread.
 *
 * @param batch examples at a time
 */
record TaskMeasure(Trainee trainee, TaskData data, int batch) implements Measure {

    @Override
    public String name() {
        return "validation part";
    }

    @Override
    public Optional<Measurement> measure(long step, long tokens) {
        return Optional.of(measurement("validation", scores(data.validation()), step));
    }

    /** What the head says of the examples of a part. */
    HeadScores scores(HeadTask.Part part) {
        return HeadScores.of(trainee.language(), part.examples(), batch, trainee::adapted);
    }

    /** What answers are worth that are all known. */
    Measurement measurement(String part, HeadScores answers, long step) {
        Confusion confusion = answers.confusion();
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (Metric metric : data.task().task().metrics()) {
            confusion.metric(metric).ifPresent(value -> metrics.put(word(metric), value));
        }
        metrics.putIfAbsent(word(Metric.ACCURACY), confusion.accuracy());
        double loss = answers.loss();
        return new Measurement(
                loss, metrics, List.of(new RunEvent.Scored(step, part, loss, metrics)));
    }

    private static String word(Metric metric) {
        return metric.name().toLowerCase(Locale.ROOT);
    }
}
