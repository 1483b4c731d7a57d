package dev.kiln.platform.training;

import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.ArrayList;
import java.util.List;

/**
 * Does a text begin with a, or else with b? A model that reads it can know; no other letter helps.
 *
 * @param test answers of the test part; none for an empty part
 */
record LetterTask(List<Answer> test) implements EvalTask {
    private static final String REST = "cdef";

    @Override
    public TaskKind kind() {
        return TaskKind.CLASSIFICATION;
    }

    @Override
    public List<String> fields() {
        return List.of("text");
    }

    @Override
    public List<String> labels() {
        return List.of("a", "b");
    }

    @Override
    public List<Example> examples(TaskPart part) {
        return switch (part) {
            case TRAIN -> some(0, 16);
            case VALIDATION -> some(3, 6);
            case TEST -> test.isEmpty() ? List.of() : tests();
        };
    }

    private List<Example> tests() {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < test.size(); i++) {
            examples.add(new Example("test:" + i, List.of(text(i)), List.of(), test.get(i)));
        }
        return examples;
    }

    private static List<Example> some(int first, int count) {
        List<Example> examples = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            Answer answer = new Answer.Choice(i % 2);
            examples.add(new Example("letters:" + i, List.of(text(i)), List.of(), answer));
        }
        return examples;
    }

    private static String text(int i) {
        return (i % 2 == 0 ? "a" : "b") + REST.charAt(i % 4) + REST.charAt(i / 2 % 4);
    }

    @Override
    public Prompt prompt() {
        return Prompt.of("{text}");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY);
    }
}
