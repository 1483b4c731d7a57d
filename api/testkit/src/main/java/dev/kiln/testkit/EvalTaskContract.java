package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What every evaluation task keeps. Subclass it in a plugin's tests. A failure names the broken
 * clause, the part and the example.
 */
@Experimental
public abstract class EvalTaskContract implements FactoryClauses {
    private static final Pattern FIELD = Pattern.compile("\\{(\\w+)\\}");

    /** The task to try: a new one at every call, on the same data. */
    protected abstract EvalTask task();

    /** Whether an example may come in two parts, as in published data with repetitions. */
    protected boolean repeatsExamples() {
        return false;
    }

    @Test
    void somePartHasExamples() {
        assertTrue(
                Stream.of(TaskPart.values()).anyMatch(part -> !task().examples(part).isEmpty()),
                "broken clause: some part has examples");
    }

    @Test
    void theFieldsAreThoseOfTheKind() {
        EvalTask task = task();
        int fields = task.fields().size();
        boolean fits =
                switch (task.kind()) {
                    case CLASSIFICATION, MULTIPLE_CHOICE, CLOZE -> fields == 1;
                    case ENTAILMENT, SIMILARITY -> fields == 2;
                    case FREE_ANSWER -> fields >= 1;
                    case TEXT -> fields == 1 || fields == 2;
                };
        assertTrue(fits, "broken clause: the kind says how many fields; " + task.fields());
        assertEquals(
                fields,
                new HashSet<>(task.fields()).size(),
                "broken clause: each field has its own name; " + task.fields());
    }

    @Test
    void labelsAreThoseOfTheKind() {
        EvalTask task = task();
        List<String> labels = task.labels();
        boolean fits =
                switch (task.kind()) {
                    case CLASSIFICATION, ENTAILMENT -> labels.size() >= 2;
                    case SIMILARITY -> labels.size() != 1;
                    case MULTIPLE_CHOICE, CLOZE, FREE_ANSWER, TEXT -> labels.isEmpty();
                };
        assertTrue(fits, "broken clause: the kind says whether there are labels; " + labels);
        assertEquals(
                labels.size(),
                new HashSet<>(labels).size(),
                "broken clause: labels differ; " + labels);
    }

    @Test
    void everyExampleHasTheShapeOfTheTask() {
        EvalTask task = task();
        everyExample(
                (where, example) -> {
                    assertEquals(
                            task.fields().size(),
                            example.texts().size(),
                            "broken clause: one text for each field; " + where);
                    boolean choices = task.kind() == TaskKind.MULTIPLE_CHOICE;
                    assertTrue(
                            choices ? example.choices().size() >= 2 : example.choices().isEmpty(),
                            "broken clause: at least two choices for a choice, else none; "
                                    + where);
                });
    }

    @Test
    void everyAnswerIsOneThatThereIs() {
        EvalTask task = task();
        everyExample(
                (where, example) -> {
                    int most =
                            task.kind() == TaskKind.MULTIPLE_CHOICE
                                    ? example.choices().size()
                                    : task.labels().size();
                    boolean fits =
                            switch (example.answer()) {
                                case Answer.Choice choice ->
                                        choice.index() >= 0 && choice.index() < most;
                                case Answer.Score score -> Double.isFinite(score.value());
                                case Answer.Words words -> true;
                                case Answer.Unknown unknown -> true;
                            };
                    assertTrue(
                            fits,
                            "broken clause: an answer is one of the labels or choices, or finite; "
                                    + where
                                    + " has "
                                    + example.answer());
                });
    }

    @Test
    void everyExampleOfAPartHasItsOwnId() {
        for (TaskPart part : TaskPart.values()) {
            Set<String> ids = new HashSet<>();
            for (Example example : task().examples(part)) {
                assertTrue(
                        ids.add(example.id()),
                        "broken clause: each example of a part has its own id; "
                                + part
                                + " "
                                + example.id());
            }
        }
    }

    @Test
    void partsShareNoExample() {
        Assumptions.assumeFalse(repeatsExamples(), "repeatsExamples()");
        Map<List<List<String>>, TaskPart> seen = new HashMap<>();
        for (TaskPart part : TaskPart.values()) {
            for (Example example : task().examples(part)) {
                TaskPart first =
                        seen.putIfAbsent(List.of(example.texts(), example.choices()), part);
                assertFalse(
                        first != null && first != part,
                        "broken clause: parts share no example; "
                                + example.id()
                                + " of "
                                + part
                                + " is in "
                                + first);
            }
        }
    }

    @Test
    void aPartIsAlwaysTheSame() {
        EvalTask task = task();
        for (TaskPart part : TaskPart.values()) {
            List<Example> first = task.examples(part);
            assertEquals(
                    first,
                    task.examples(part),
                    "broken clause: a part is always the same in the same order; " + part);
            assertEquals(
                    first,
                    task().examples(part),
                    "broken clause: the same options give the same part; " + part);
        }
    }

    @Test
    void thePromptAsksForWhatThereIs() {
        EvalTask task = task();
        Matcher field = FIELD.matcher(task.prompt().question());
        while (field.find()) {
            assertTrue(
                    field.group(1).equals("choices") || task.fields().contains(field.group(1)),
                    "broken clause: a prompt names fields of the task; " + field.group());
        }
        int answers = task.prompt().answers().size();
        assertTrue(
                answers == 0 || answers == task.labels().size(),
                "broken clause: a prompt's answers stand for the labels, one each; got " + answers);
    }

    @Test
    void itSaysWhatItIsMeasuredBy() {
        assertFalse(task().metrics().isEmpty(), "broken clause: a task has a metric");
    }

    @Test
    void threadsGetTheSameExamples() throws Exception {
        EvalTask task = task();
        for (TaskPart part : TaskPart.values()) {
            List<Example> alone = task.examples(part);
            for (List<Example> each : Concurrently.call(() -> task.examples(part))) {
                assertEquals(alone, each, "broken clause: thread-safe; " + part);
            }
        }
    }

    @Test
    void readingAgainCostsNoMore() {
        EvalTask task = task();
        Growth.atMost(
                4,
                "reading again costs no more than reading",
                1,
                2,
                times -> {
                    for (int i = 0; i < times; i++) {
                        Stream.of(TaskPart.values()).forEach(task::examples);
                    }
                });
    }

    private void everyExample(BiConsumer<String, Example> clause) {
        for (TaskPart part : TaskPart.values()) {
            for (Example example : task().examples(part)) {
                clause.accept(part + " " + example.id(), example);
            }
        }
    }
}
