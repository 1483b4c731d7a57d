package dev.kiln.platform.evaluation;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Example;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Solved examples from a task's training part, drawn by a seed: the first K of them are the same
 * whatever K is asked for, and go before every question. Immutable.
 */
record Shots(List<String> solved) {

    /**
     * @param training examples to draw from
     * @param most how many may be asked for
     * @throws InvalidInput when there are not so many
     */
    static Shots draw(PromptForm form, List<Example> training, int most, long seed) {
        if (most == 0) {
            return new Shots(List.of());
        }
        List<Example> answered =
                training.stream()
                        .filter(example -> !(example.answer() instanceof Answer.Unknown))
                        .collect(Collectors.toList());
        if (answered.size() < most) {
            throw new InvalidInput(
                    "shots: %d asked for, task '%s' has %,d solved examples to draw from"
                            .formatted(most, form.name(), answered.size()));
        }
        Collections.shuffle(answered, new Random(Randomness.key(seed, "shots " + form.name())));
        return new Shots(answered.stream().limit(most).map(form::solved).toList());
    }

    String first(int count) {
        return String.join("", solved.subList(0, count));
    }

    /**
     * How many of the first {@code most} fit before a question.
     *
     * @param encoder of the model
     * @param room tokens that question and examples may have
     */
    int fitting(int most, String question, RequestEncoder encoder, int room) {
        int low = 0;
        int high = most;
        int tried = most;
        while (low < high) {
            int tokens = encoder.tokenizer().encode(first(tried) + question).length;
            if (tokens <= room) {
                low = tried;
            } else {
                high = tried - 1;
            }
            tried = (low + high + 1) / 2;
        }
        return low;
    }
}
