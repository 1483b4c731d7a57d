package dev.kiln.platform.evaluation;

import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.List;
import java.util.Map;

/** A task in memory, with one field, {@code text}. */
record DataTask(
        TaskKind kind,
        List<String> labels,
        Prompt prompt,
        List<Metric> metrics,
        Map<TaskPart, List<Example>> parts)
        implements EvalTask {

    static DataTask of(TaskKind kind, List<String> labels, Metric metric, Example... test) {
        return new DataTask(
                kind,
                labels,
                Prompt.of("{text}"),
                List.of(metric),
                Map.of(TaskPart.TEST, List.of(test)));
    }

    static Example example(String id, String text, Answer answer) {
        return new Example(id, List.of(text), List.of(), answer);
    }

    DataTask train(Example... train) {
        return new DataTask(
                kind,
                labels,
                prompt,
                metrics,
                Map.of(TaskPart.TEST, examples(TaskPart.TEST), TaskPart.TRAIN, List.of(train)));
    }

    DataTask prompt(Prompt other) {
        return new DataTask(kind, labels, other, metrics, parts);
    }

    PromptForm form() {
        return new PromptForm("letters", this, prompt);
    }

    @Override
    public List<String> fields() {
        return List.of("text");
    }

    @Override
    public List<Example> examples(TaskPart part) {
        return parts.getOrDefault(part, List.of());
    }
}
