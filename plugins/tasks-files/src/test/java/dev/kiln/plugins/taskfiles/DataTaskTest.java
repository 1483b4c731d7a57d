package dev.kiln.plugins.taskfiles;

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
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that are only data; what is expected was written by hand beside the data. */
class DataTaskTest {
    private static final DataTaskOptions.Inline NONE =
            new DataTaskOptions.Inline(List.of(), List.of(), List.of());

    @TempDir private Path folder;

    private EvalTask fromFile(TaskKind kind, List<String> labels, String... lines)
            throws IOException {
        Files.write(folder.resolve("test.jsonl"), List.of(lines));
        return create(
                kind,
                labels,
                new DataTaskOptions.Files(
                        Optional.empty(), Optional.empty(), Optional.of("test.jsonl")),
                NONE);
    }

    private EvalTask inline(TaskKind kind, List<String> labels, DataTaskOptions.Item item) {
        return create(
                kind,
                labels,
                new DataTaskOptions.Files(Optional.empty(), Optional.empty(), Optional.empty()),
                new DataTaskOptions.Inline(List.of(), List.of(), List.of(item)));
    }

    private EvalTask create(
            TaskKind kind,
            List<String> labels,
            DataTaskOptions.Files files,
            DataTaskOptions.Inline examples) {
        return new DataTaskFactory()
                .create(
                        new DataTaskOptions(
                                kind,
                                List.of("text"),
                                labels,
                                Prompt.of("{text}"),
                                List.of(),
                                files,
                                new DataTaskOptions.Keys(
                                        Map.of("text", "sentence"), "options", "gold"),
                                examples),
                        new FolderContext(1, folder));
    }

    private static String refusal(EvalTask task) {
        return assertThrows(InvalidInput.class, () -> task.examples(TaskPart.TEST)).getMessage();
    }

    @Test
    void aLabelIsGivenAsItsTextOrItsNumber() throws IOException {
        EvalTask task =
                fromFile(
                        TaskKind.CLASSIFICATION,
                        List.of("bad", "good"),
                        "{\"sentence\": \"fine\", \"gold\": \"good\"}",
                        "{\"sentence\": \"poor\", \"gold\": 0}");
        assertEquals(
                List.of(
                        new Example(
                                "test.jsonl:1", List.of("fine"), List.of(), new Answer.Choice(1)),
                        new Example(
                                "test.jsonl:2", List.of("poor"), List.of(), new Answer.Choice(0))),
                task.examples(TaskPart.TEST));
        assertEquals(List.of(), task.examples(TaskPart.TRAIN));
        assertEquals(List.of(Metric.ACCURACY), task.metrics());
    }

    @Test
    void aLabelOutsideTheSetIsRefusedWithItsLine() throws IOException {
        EvalTask task =
                fromFile(
                        TaskKind.CLASSIFICATION,
                        List.of("bad", "good"),
                        "",
                        "{\"sentence\": \"fine\", \"gold\": \"great\"}");
        assertEquals(
                folder.resolve("test.jsonl")
                        + ":2: expected an answer of bad, good, or its number from 0, got \"great\"",
                refusal(task));
    }

    @Test
    void choicesAreTheExamplesOwn() throws IOException {
        EvalTask task =
                fromFile(
                        TaskKind.MULTIPLE_CHOICE,
                        List.of(),
                        "{\"sentence\": \"1 + 1 =\", \"options\": [\"3\", \"2\"], \"gold\": \"2\"}");
        assertEquals(
                List.of(
                        new Example(
                                "test.jsonl:1",
                                List.of("1 + 1 ="),
                                List.of("3", "2"),
                                new Answer.Choice(1))),
                task.examples(TaskPart.TEST));
    }

    @Test
    void aFreeAnswerMayBeOneOfSeveral() throws IOException {
        EvalTask task =
                fromFile(
                        TaskKind.FREE_ANSWER,
                        List.of(),
                        "{\"sentence\": \"Who?\", \"gold\": [\"Ann\", \"Anna\"]}",
                        "{\"sentence\": \"Where?\", \"gold\": \"Rome\"}",
                        "{\"sentence\": \"When?\"}");
        assertEquals(
                List.of(
                        new Answer.Words(List.of("Ann", "Anna")),
                        new Answer.Words(List.of("Rome")),
                        new Answer.Unknown()),
                task.examples(TaskPart.TEST).stream().map(Example::answer).toList());
    }

    @Test
    void aScoreThatIsNoNumberIsRefused() throws IOException {
        EvalTask task =
                fromFile(
                        TaskKind.SIMILARITY, List.of(), "{\"sentence\": \"a\", \"gold\": \"NaN\"}");
        assertEquals(
                folder.resolve("test.jsonl") + ":1: expected a number, got \"NaN\"", refusal(task));
    }

    @Test
    void examplesMayStandInTheRecipe() {
        EvalTask task =
                inline(
                        TaskKind.CLOZE,
                        List.of(),
                        new DataTaskOptions.Item(
                                Map.of("text", "to be or not to"),
                                List.of(),
                                Optional.of("be"),
                                List.of()));
        assertEquals(
                List.of(
                        new Example(
                                "test:1",
                                List.of("to be or not to"),
                                List.of(),
                                new Answer.Words(List.of("be")))),
                task.examples(TaskPart.TEST));
    }

    @Test
    void anExampleWithoutAFieldIsRefused() {
        EvalTask task =
                inline(
                        TaskKind.CLOZE,
                        List.of(),
                        new DataTaskOptions.Item(
                                Map.of("txt", "x"), List.of(), Optional.of("y"), List.of()));
        assertEquals("task: example test:1: expected a text for field text", refusal(task));
    }

    @Test
    void aKindThatNeedsLabelsSaysSo() {
        InvalidInput error =
                assertThrows(
                        InvalidInput.class,
                        () ->
                                create(
                                        TaskKind.ENTAILMENT,
                                        List.of(),
                                        new DataTaskOptions.Files(
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty()),
                                        NONE));
        assertEquals("task: labels: a task of this kind needs two or more", error.getMessage());
    }
}
