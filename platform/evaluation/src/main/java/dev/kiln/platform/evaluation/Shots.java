package dev.kiln.platform.evaluation;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Example;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Solved examples from a task's training part, in an order drawn by a seed. Before a question go the
 * first K of them that are not that question ({@link PromptForm#identity}); the first K are the same
 * whatever K is asked for. Immutable.
 *
 * @param drawn enough of them for every question
 * @param most how many may be asked for
 */
record Shots(PromptForm form, List<Drawn> drawn, int most) {

    /** A solved example and what tells its question from others. */
    record Drawn(List<String> identity, String solved) {}

    /**
     * @param training examples to draw from
     * @param questions that they are to go before
     * @param most how many may be asked for
     * @throws InvalidInput when there are not so many besides each question
     */
    static Shots draw(
            PromptForm form, List<Example> training, List<Example> questions, int most, long seed) {
        if (most == 0) {
            return new Shots(form, List.of(), 0);
        }
        List<Example> answered =
                training.stream()
                        .filter(example -> !(example.answer() instanceof Answer.Unknown))
                        .collect(Collectors.toList());
        Collections.shuffle(answered, new Random(Randomness.key(seed, "shots " + form.name())));
        Set<List<String>> asked =
                questions.stream().map(form::identity).collect(Collectors.toSet());
        return first(form, answered, asked, most);
    }

    /** As many of the examples as it takes to have {@code most} others than any question. */
    private static Shots first(
            PromptForm form, List<Example> answered, Set<List<String>> asked, int most) {
        List<Drawn> drawn = new ArrayList<>();
        Map<List<String>, Integer> same = new HashMap<>();
        int mostSame = 0;
        for (Example example : answered) {
            if (drawn.size() - mostSame == most) {
                break;
            }
            List<String> identity = form.identity(example);
            drawn.add(new Drawn(identity, form.solved(example)));
            if (asked.contains(identity)) {
                mostSame = Math.max(mostSame, same.merge(identity, 1, Integer::sum));
            }
        }
        if (drawn.size() - mostSame < most) {
            throw tooFew(form.name(), most, answered.size(), mostSame);
        }
        return new Shots(form, List.copyOf(drawn), most);
    }

    private static InvalidInput tooFew(String task, int most, int answered, int same) {
        String others =
                same == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", %,d where a question itself is left out",
                                answered - same);
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "shots: %d asked for, task '%s' has %,d solved examples to draw from%s",
                        most,
                        task,
                        answered,
                        others));
    }

    /** Those that may go before a question: the question itself is not among them. */
    SolvedExamples before(Example question) {
        List<String> identity = form.identity(question);
        return new SolvedExamples(
                drawn.stream()
                        .filter(one -> !one.identity().equals(identity))
                        .limit(most)
                        .map(Drawn::solved)
                        .toList());
    }

    /** Whether a question is among the first {@code count} itself, where others take its place. */
    boolean hold(Example question, int count) {
        List<String> identity = form.identity(question);
        return drawn.stream().limit(count).anyMatch(one -> one.identity().equals(identity));
    }
}
