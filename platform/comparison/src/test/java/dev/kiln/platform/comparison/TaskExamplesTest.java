package dev.kiln.platform.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.platform.run.RecipeChange;
import dev.kiln.spi.Choice;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import dev.kiln.testkit.fixtures.FixedChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hashes: {@code printf '[iron] [] Choice[index=0]\n' | sha256sum}, and with 1. */
class TaskExamplesTest {
    @TempDir Path folder;

    /** A task without a validation part. */
    private record Metals(String text, int label) implements EvalTask {
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
            return List.of("metal", "plant");
        }

        @Override
        public List<Example> examples(TaskPart part) {
            if (part == TaskPart.VALIDATION) {
                throw new InvalidInput("no validation part");
            }
            int answer = part == TaskPart.TRAIN ? label : 0;
            return List.of(new Example("1", List.of(text), List.of(), new Answer.Choice(answer)));
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

    private String changes(String text, int label) throws IOException {
        EvalTask task = new Metals(text, label);
        Choice<EvalTask> choice = new FixedChoice<>("metals", task);
        TaskExamples examples = new TaskExamples(Map.of(choice, task));
        Map<String, String> kept = TaskExamples.kept(folder);
        if (kept.isEmpty()) {
            examples.write(folder);
            return "";
        }
        return RecipeChange.line(RecipeChange.between(kept, examples.hashes()));
    }

    @Test
    void examplesThatAreOthersThanBeforeAreToldByPart() throws IOException {
        assertEquals("", changes("iron", 0));
        assertEquals("", changes("iron", 0));
        assertEquals(
                "metals.train 1 examples (dd3f0f2681a21de4) -> 1 examples (69c4434d74e469be)",
                changes("iron", 1));
        assertEquals("", changes("iron", 0));
    }
}
