package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.pf4j.Extension;

/**
 * {@code piqa}: which of two ways reaches a goal (Bisk et al., 2020)? The labels of {@code
 * dev.jsonl} are the lines of {@code dev-labels.lst} beside it; those of the test part were not
 * published. Prompt as of lm-evaluation-harness.
 */
@Extension
public final class PiqaFactory extends FilesTaskFactory {
    private static final Marks LABELS = Marks.choices("0", "1");

    public PiqaFactory() {
        super(
                "piqa",
                Shape.of(
                        TaskKind.MULTIPLE_CHOICE,
                        "goal",
                        Prompt.of("Question: {goal}\nAnswer:"),
                        Metric.ACCURACY),
                new PartNames(
                        List.of("train.jsonl"),
                        List.of("dev.jsonl", "valid.jsonl"),
                        List.of("tests.jsonl", "test.jsonl")),
                PiqaFactory::examples);
    }

    private static List<Example> examples(Path file, TaskPart part) {
        List<JsonObject> goals = new ArrayList<>();
        Lines.eachFilled(file, line -> goals.add(Json.of(line)));
        List<Answer> answers = answers(file, goals.size(), part);
        return IntStream.range(0, goals.size())
                .mapToObj(i -> example(goals.get(i), answers.get(i)))
                .toList();
    }

    private static Example example(JsonObject goal, Answer answer) {
        return new Example(
                goal.place().id(),
                List.of(goal.text("goal")),
                List.of(goal.text("sol1"), goal.text("sol2")),
                answer);
    }

    private static List<Answer> answers(Path file, int count, TaskPart part) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.jsonl$", "");
        Path labels = file.resolveSibling(name + "-labels.lst");
        if (!Files.exists(labels)) {
            return unknown(labels, count, part);
        }
        List<Answer> answers = new ArrayList<>();
        Lines.eachFilled(
                labels, line -> answers.add(LABELS.answer(line.text().strip(), line.place())));
        if (answers.size() != count) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: expected %d labels, one for each line of %s, got %d",
                            labels,
                            count,
                            file.getFileName(),
                            answers.size()));
        }
        return answers;
    }

    private static List<Answer> unknown(Path labels, int count, TaskPart part) {
        if (part != TaskPart.TEST) {
            throw new InvalidInput(labels + ": no such file of labels");
        }
        return IntStream.range(0, count).<Answer>mapToObj(i -> new Answer.Unknown()).toList();
    }
}
