package dev.kiln.platform.comparison;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The answers are those of a reader of the few examples. */
class BaselinesTest {
    private record Told(TaskKind kind, List<String> labels, List<Example> train)
            implements EvalTask {
        @Override
        public List<String> fields() {
            return List.of("text");
        }

        @Override
        public List<Example> examples(TaskPart part) {
            return train;
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

    private static Example example(String text, int label) {
        return new Example(text, List.of(text), List.of(), new Answer.Choice(label));
    }

    private static Example chosen(String text, int right, String... choices) {
        return new Example(text, List.of(text), List.of(choices), new Answer.Choice(right));
    }

    private static Baselines baselines(TaskKind kind, List<String> labels, Example... train) {
        return Baselines.of(new Told(kind, labels, List.of(train)), 100);
    }

    @Test
    void majorityIsTheMostFrequentAnswer() {
        Baselines baselines =
                baselines(
                        TaskKind.CLASSIFICATION,
                        List.of("a", "b", "c"),
                        example("x", 2),
                        example("y", 1),
                        example("z", 2));
        assertArrayEquals(
                new int[] {2, 2}, baselines.majority(List.of(example("y", 0), example("w", 0))));
    }

    @Test
    void ngramsKnowTheWordsOfTheLabels() {
        Baselines baselines =
                baselines(
                        TaskKind.CLASSIFICATION,
                        List.of("animal", "plant"),
                        example("a horse that is not grown", 0),
                        example("a shrub with flowers", 1),
                        example("a large bird that sings", 0),
                        example("a tree with flowers and nuts", 1));
        assertArrayEquals(
                new int[] {0, 1},
                baselines.ngrams(
                        List.of(
                                example("a bird that flies", 0),
                                example("with white flowers", 1))));
    }

    @Test
    void ngramsKnowThatRightChoicesShareWordsWithTheText() {
        Baselines baselines =
                baselines(
                        TaskKind.MULTIPLE_CHOICE,
                        List.of(),
                        chosen("red hat", 1, "a small dog", "a hat of felt"),
                        chosen("stone wall", 0, "a wall that is old", "an animal"),
                        chosen("oak tree", 2, "a fish", "a fast car", "some tree"));
        assertArrayEquals(
                new int[] {1, 0},
                baselines.ngrams(
                        List.of(
                                chosen("sea bird", 1, "a long song", "a bird of coasts"),
                                chosen("iron gate", 0, "a gate", "a glass"))));
    }

    @Test
    void onlyTheFirstExamplesAreLearnedFrom() {
        Told told =
                new Told(
                        TaskKind.CLASSIFICATION,
                        List.of("a", "b"),
                        List.of(example("x", 0), example("y", 1), example("z", 1)));
        assertArrayEquals(new int[] {0}, Baselines.of(told, 1).majority(List.of(example("y", 1))));
    }
}
