package dev.kiln.platform.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The sequences are those that figure 1 of Radford et al. (2018) draws. */
class HeadTaskTest {
    private static final int START = 257;
    private static final int DELIMITER = 258;
    private static final int EXTRACT = 259;
    private static final SpecialTokens SPECIAL = SpecialTokens.endOf(260);

    private record Task(TaskKind kind, List<String> labels, Map<TaskPart, List<Example>> parts)
            implements EvalTask {
        @Override
        public List<String> fields() {
            return List.of();
        }

        @Override
        public List<Example> examples(TaskPart part) {
            return parts.getOrDefault(part, List.of());
        }

        @Override
        public Prompt prompt() {
            return Prompt.of("");
        }

        @Override
        public List<Metric> metrics() {
            return List.of(Metric.ACCURACY);
        }
    }

    private static InputForm form(int context) {
        return new InputForm(new ByteTokenizer(), SPECIAL, context);
    }

    private static HeadTask task(TaskKind kind, Example... examples) {
        List<String> labels = kind == TaskKind.MULTIPLE_CHOICE ? List.of() : List.of("no", "yes");
        return HeadTask.of(
                "toy", new Task(kind, labels, Map.of(TaskPart.TRAIN, List.of(examples))));
    }

    private static Example example(Answer answer, String... texts) {
        return new Example("toy:1", List.of(texts), List.of(), answer);
    }

    private static Example choosing(int right, String text, String... choices) {
        return new Example("toy:1", List.of(text), List.of(choices), new Answer.Choice(right));
    }

    private static void check(HeadTask task, int context, int cut, int[]... sequences) {
        HeadTask.Part part = task.readAnswered(TaskPart.TRAIN, form(context));
        assertEquals(cut, part.cut());
        assertArrayEquals(sequences, part.examples().getFirst().sequences().toArray(int[][]::new));
    }

    @Test
    void classificationIsStartTextExtract() {
        check(
                task(TaskKind.CLASSIFICATION, example(new Answer.Choice(1), "ab")),
                20,
                0,
                new int[] {START, 'a', 'b', EXTRACT});
    }

    @Test
    void entailmentHasADelimiterBetweenPremiseAndHypothesis() {
        check(
                task(TaskKind.ENTAILMENT, example(new Answer.Choice(1), "ab", "c")),
                20,
                0,
                new int[] {START, 'a', 'b', DELIMITER, 'c', EXTRACT});
    }

    @Test
    void similarityHasBothOrders() {
        check(
                task(TaskKind.SIMILARITY, example(new Answer.Choice(0), "ab", "c")),
                20,
                0,
                new int[] {START, 'a', 'b', DELIMITER, 'c', EXTRACT},
                new int[] {START, 'c', DELIMITER, 'a', 'b', EXTRACT});
    }

    @Test
    void multipleChoiceHasTheContextBeforeEachChoice() {
        HeadTask task = task(TaskKind.MULTIPLE_CHOICE, choosing(2, "q", "a", "b", "c"));
        assertEquals(3, task.classes());
        check(
                task,
                20,
                0,
                new int[] {START, 'q', DELIMITER, 'a', EXTRACT},
                new int[] {START, 'q', DELIMITER, 'b', EXTRACT},
                new int[] {START, 'q', DELIMITER, 'c', EXTRACT});
    }

    @Test
    void theLongestTextLosesItsEndFirst() {
        check(
                task(TaskKind.ENTAILMENT, example(new Answer.Choice(1), "abcdef", "xyz")),
                8,
                1,
                new int[] {START, 'a', 'b', DELIMITER, 'x', 'y', 'z', EXTRACT});
        check(
                task(TaskKind.CLASSIFICATION, example(new Answer.Choice(1), "abcdef")),
                6,
                1,
                new int[] {START, 'a', 'b', 'c', 'd', EXTRACT});
    }

    @Test
    void anEmptyTextIsNoText() {
        check(
                task(TaskKind.CLASSIFICATION, example(new Answer.Choice(1), "")),
                6,
                0,
                new int[] {START, EXTRACT});
    }

    @Test
    void badInputGetsOneClearLine() {
        refused(
                "task 'toy', train part, example toy:1: label 2, expected 0 to 1: no, yes",
                () -> read(task(TaskKind.CLASSIFICATION, example(new Answer.Choice(2), "a"))));
        refused(
                "task 'toy', train part, example toy:1: the answer is none of the labels: no, yes",
                () -> read(task(TaskKind.SIMILARITY, example(new Answer.Score(0.5), "a", "b"))));
        refused(
                "task 'toy', train part, example toy:1: the answer is unknown",
                () -> read(task(TaskKind.CLASSIFICATION, example(new Answer.Unknown(), "a"))));
        refused(
                "task 'toy', train part, example toy:1: 1 texts, expected 2 of the kind entailment",
                () -> read(task(TaskKind.ENTAILMENT, example(new Answer.Choice(0), "a"))));
        refused(
                "task 'toy', train part, example toy:1: 2 choices, the task's first example has 3"
                        + " and a head wants as many of each",
                () ->
                        read(
                                task(
                                        TaskKind.MULTIPLE_CHOICE,
                                        choosing(0, "q", "a", "b", "c"),
                                        choosing(0, "q", "a", "b"))));
        refused(
                "task 'toy' has no examples in its train part",
                () -> read(task(TaskKind.CLASSIFICATION)));
        refused(
                "task 'toy' is of the kind free-answer, which no head answers",
                () -> task(TaskKind.FREE_ANSWER));
        refused(
                "model: its vocabulary of 259 lacks the special tokens start, delimiter and extract"
                        + " behind the tokenizer's 257",
                () -> SpecialTokens.of("model", 259, 257));
        refused(
                "the model's context of 4 tokens is too short for [start; text; delimiter; text;"
                        + " extract]",
                () -> form(4));
    }

    private static void read(HeadTask task) {
        task.readAnswered(TaskPart.TRAIN, form(20));
    }

    private static void refused(String line, Executable act) {
        assertEquals(line, assertThrows(InvalidInput.class, act).getMessage());
    }
}
