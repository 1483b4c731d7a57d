package dev.kiln.platform.evaluation;

import static dev.kiln.platform.evaluation.DataTask.example;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Solved examples and prompts, beside texts written by hand. */
class ShotsTest {
    private static final Example[] TRAIN =
            IntStream.range(0, 20)
                    .mapToObj(i -> example("t" + i, "q" + i, new Answer.Choice(i % 2)))
                    .toArray(Example[]::new);

    private static DataTask task() {
        return DataTask.of(
                        TaskKind.CLASSIFICATION,
                        List.of("bad", "good"),
                        Metric.ACCURACY,
                        example("e", "q", new Answer.Choice(0)))
                .train(TRAIN);
    }

    private static Shots drawn(int most, long seed) {
        return Shots.draw(task().form(), List.of(TRAIN), most, seed);
    }

    @Test
    void fewerAreTheBeginningOfMore() {
        List<String> eight = drawn(8, 5).solved();
        assertEquals(eight.subList(0, 3), drawn(3, 5).solved());
        assertEquals(8, eight.stream().distinct().count());
        assertNotEquals(eight, drawn(8, 6).solved());
    }

    @Test
    void moreThanThereAreAreRefused() {
        assertEquals(
                "shots: 21 asked for, task 'letters' has 20 solved examples to draw from",
                assertThrows(InvalidInput.class, () -> drawn(21, 1)).getMessage());
    }

    /** "q7 bad\n\n" has 8 or 9 bytes; "q0 good\n\n" 9 or 10. */
    @Test
    void asManyFitAsTheTokensSay() {
        Shots shots = drawn(4, 5);
        RequestEncoder encoder = new RequestEncoder(new ByteTokenizer(), 100);
        int two = shots.first(2).length();
        assertEquals(2, shots.fitting(4, "q", encoder, two + 1));
        assertEquals(1, shots.fitting(4, "q", encoder, two));
        assertEquals(0, shots.fitting(4, "q", encoder, 3));
        assertEquals(4, shots.fitting(4, "q", encoder, 100));
    }

    @Test
    void aPromptsFieldsAndChoicesAreFilledIn() {
        DataTask task =
                DataTask.of(
                                TaskKind.MULTIPLE_CHOICE,
                                List.of(),
                                Metric.ACCURACY,
                                new Example(
                                        "e",
                                        List.of("$1 {x}"),
                                        List.of("a", "b"),
                                        new Answer.Choice(1)))
                        .prompt(new Prompt("Q: {text}\n{choices}\nA:", List.of(), " ", "\n"));
        Example example = task.examples(TaskPart.TEST).getFirst();
        assertEquals("Q: $1 {x}\na\nb\nA:", task.form().question(example));
        assertEquals("Q: $1 {x}\na\nb\nA: b\n", task.form().solved(example));
    }

    @Test
    void aPromptThatDoesNotFitTheTaskIsRefused() {
        assertEquals(
                "prompt of task 'letters': there is no field {txt}; there are {text} and {choices}",
                assertThrows(InvalidInput.class, () -> task().prompt(Prompt.of("{txt}")).form())
                        .getMessage());
        assertEquals(
                "prompt of task 'letters': has 3 answers for 2 labels",
                assertThrows(
                                InvalidInput.class,
                                () -> task().prompt(Prompt.of("{text}", "a", "b", "c")).form())
                        .getMessage());
    }
}
