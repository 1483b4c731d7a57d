package dev.kiln.platform.tasks;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A task that a head answers: its answers are one of a fixed number of classes, the task's labels or
 * the example's choices. Thread-safe.
 *
 * @param name what messages call it
 * @param classes how many there are, at least 2
 */
public record HeadTask(String name, EvalTask task, int classes) {

    /**
     * @throws InvalidInput when the task's kind has no head, or it has no labels
     */
    public static HeadTask of(String name, EvalTask task) {
        int classes =
                switch (task.kind()) {
                    case CLASSIFICATION, ENTAILMENT, SIMILARITY -> task.labels().size();
                    case MULTIPLE_CHOICE -> choices(name, task);
                    case CLOZE, FREE_ANSWER, TEXT ->
                            throw new InvalidInput(
                                    String.format(
                                            Locale.ROOT,
                                            "task '%s' is of the kind %s, which no head answers",
                                            name,
                                            word(task.kind())));
                };
        if (classes < 2) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "task '%s' has %d labels, a head wants two or more",
                            name,
                            classes));
        }
        return new HeadTask(name, task, classes);
    }

    /** The number of choices of the first example; all others must have as many. */
    private static int choices(String name, EvalTask task) {
        for (TaskPart part : TaskPart.values()) {
            List<Example> examples = task.examples(part);
            if (!examples.isEmpty()) {
                return examples.getFirst().choices().size();
            }
        }
        throw new InvalidInput(String.format(Locale.ROOT, "task '%s' has no examples", name));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name of the head of this kind of task. */
    public String head() {
        return word(task.kind());
    }

    /** The option of that head that says how many classes there are. */
    public String classesOption() {
        return task.kind() == TaskKind.MULTIPLE_CHOICE ? "choices" : "classes";
    }

    /** What an example's state stands for. */
    private int sequences() {
        return switch (task.kind()) {
            case SIMILARITY -> 2;
            case MULTIPLE_CHOICE -> classes;
            case CLASSIFICATION, ENTAILMENT, CLOZE, FREE_ANSWER, TEXT -> 1;
        };
    }

    /**
     * A part of the task.
     *
     * @param cut examples that did not fit into the context and lost tokens
     */
    public record Part(List<HeadExample> examples, int cut) {
        /** Whether the right answers are known, as the test parts of benchmarks often don't say. */
        public boolean answered() {
            return examples.stream().allMatch(HeadExample::answered);
        }
    }

    /**
     * The examples of a part.
     *
     * @throws InvalidInput when one has another form than the task's kind says, or an answer that is
     *     none of the classes; names it
     */
    public Part read(TaskPart part, InputForm form) {
        List<HeadExample> examples = new ArrayList<>();
        int cut = 0;
        for (Example example : task.examples(part)) {
            check(part, example);
            InputForm.Sequences sequences = form.sequences(task.kind(), example);
            examples.add(new HeadExample(example.id(), sequences.ids(), target(part, example)));
            cut += sequences.cut() ? 1 : 0;
        }
        return new Part(List.copyOf(examples), cut);
    }

    /**
     * As {@link #read}, of a part that is to be learned from or chosen by.
     *
     * @throws InvalidInput also when it is empty or an answer is unknown
     */
    public Part readAnswered(TaskPart part, InputForm form) {
        Part read = read(part, form);
        if (read.examples().isEmpty()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "task '%s' has no examples in its %s part",
                            name,
                            word(part)));
        }
        for (HeadExample example : read.examples()) {
            if (!example.answered()) {
                throw broken(part, example.id(), "the answer is unknown");
            }
        }
        return read;
    }

    private void check(TaskPart part, Example example) {
        int texts = InputForm.texts(task.kind());
        if (example.texts().size() != texts) {
            throw broken(
                    part,
                    example.id(),
                    String.format(
                            Locale.ROOT,
                            "%d texts, expected %d of the kind %s",
                            example.texts().size(),
                            texts,
                            word(task.kind())));
        }
        if (task.kind() == TaskKind.MULTIPLE_CHOICE && example.choices().size() != classes) {
            throw broken(
                    part,
                    example.id(),
                    String.format(
                            Locale.ROOT,
                            "%d choices, the task's first example has %d and a head wants as many of each",
                            example.choices().size(),
                            classes));
        }
    }

    private int target(TaskPart part, Example example) {
        return switch (example.answer()) {
            case Answer.Choice(int index) when index >= 0 && index < classes -> index;
            case Answer.Choice(int index) ->
                    throw broken(
                            part,
                            example.id(),
                            String.format(
                                    Locale.ROOT,
                                    "label %d, expected 0 to %d%s",
                                    index,
                                    classes - 1,
                                    labels()));
            case Answer.Unknown() -> HeadExample.UNKNOWN;
            case Answer.Score _, Answer.Words _ ->
                    throw broken(part, example.id(), "the answer is none of the labels" + labels());
        };
    }

    private String labels() {
        List<String> labels = task.labels();
        return labels.isEmpty() || labels.size() > 10 ? "" : ": " + String.join(", ", labels);
    }

    private InvalidInput broken(TaskPart part, String id, String problem) {
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "task '%s', %s part, example %s: %s",
                        name,
                        word(part),
                        id,
                        problem));
    }
}
