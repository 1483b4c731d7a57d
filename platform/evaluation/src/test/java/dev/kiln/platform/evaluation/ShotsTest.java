package dev.kiln.platform.evaluation;

import static dev.kiln.platform.evaluation.DataTask.example;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    private static final Example OTHER = example("e", "q", new Answer.Choice(0));

    private static List<String> drawn(int most, long seed) {
        return Shots.draw(task().form(), List.of(TRAIN), List.of(OTHER), most, seed)
                .before(OTHER)
                .texts();
    }

    private static Shots amongThemselves(int most) {
        return Shots.draw(task().form(), List.of(TRAIN), List.of(TRAIN), most, 5);
    }

    @Test
    void fewerAreTheBeginningOfMore() {
        List<String> eight = drawn(8, 5);
        assertEquals(eight.subList(0, 3), drawn(3, 5));
        assertEquals(8, eight.stream().distinct().count());
        assertNotEquals(eight, drawn(8, 6));
    }

    @Test
    void moreThanThereAreAreRefused() {
        assertEquals(
                "shots: 21 asked for, task 'letters' has 20 solved examples to draw from",
                assertThrows(InvalidInput.class, () -> drawn(21, 1)).getMessage());
    }

    @Test
    void aQuestionAmongThemIsLeftOutAndTheNextOneDrawn() {
        List<String> order = drawn(20, 5);
        for (Example question : TRAIN) {
            List<String> others = new ArrayList<>(order);
            others.remove(task().form().solved(question));
            List<String> eight = amongThemselves(8).before(question).texts();
            assertEquals(others.subList(0, 8), eight);
            assertEquals(eight.subList(0, 3), amongThemselves(3).before(question).texts());
            assertEquals(
                    order.indexOf(task().form().solved(question)) < 8,
                    amongThemselves(8).hold(question, 8));
        }
    }

    @Test
    void whereNoQuestionIsAmongThemTheyAreTheSameBeforeEach() {
        Shots shots = amongThemselves(8);
        assertEquals(drawn(8, 5), shots.before(OTHER).texts());
        assertFalse(shots.hold(OTHER, 8));
    }

    /** Such as a line that is in two files of a task, or twice in one. */
    @Test
    void aQuestionIsKnownByItsTextsWhateverItsIdAndItsAnswer() {
        Example again = example("test.jsonl:9", "q3", new Answer.Choice(0));
        assertEquals(
                amongThemselves(8).before(TRAIN[3]).texts(),
                amongThemselves(8).before(again).texts());
        Shots twice = Shots.draw(task().form(), twoOf("q3", "q4"), List.of(again), 2, 1);
        assertEquals(List.of("q4 bad\n\n", "q4 bad\n\n"), twice.before(again).texts());
    }

    private static List<Example> twoOf(String... texts) {
        return Stream.of(texts)
                .flatMap(text -> Stream.of(text, text))
                .map(text -> example("of " + text, text, new Answer.Choice(0)))
                .toList();
    }

    @Test
    void aQuestionIsWhatThePromptShowsAndTheChoices() {
        Example example = new Example("e", List.of("t"), List.of("a", "b"), new Answer.Choice(0));
        Example others = new Example("e", List.of("t"), List.of("a", "c"), new Answer.Choice(0));
        assertNotEquals(task().form().identity(example), task().form().identity(others));
        PromptForm same = task().prompt(Prompt.of("Answer:")).form();
        assertNotEquals(same.identity(TRAIN[0]), same.identity(TRAIN[1]));
    }

    @Test
    void moreThanThereAreBesidesTheQuestionAreRefused() {
        assertEquals(19, amongThemselves(19).before(TRAIN[0]).texts().size());
        assertEquals(
                "shots: 20 asked for, task 'letters' has 20 solved examples to draw from, 19 where a"
                        + " question itself is left out",
                assertThrows(InvalidInput.class, () -> amongThemselves(20)).getMessage());
    }

    /** "q7 bad\n\n" has 8 or 9 bytes; "q0 good\n\n" 9 or 10. */
    @Test
    void asManyFitAsTheTokensSay() {
        SolvedExamples shots = new SolvedExamples(drawn(4, 5));
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
