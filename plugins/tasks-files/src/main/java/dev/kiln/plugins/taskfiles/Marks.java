package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Answer;
import java.util.List;
import java.util.Locale;

/** What a file writes for the right answer. */
@FunctionalInterface
interface Marks {

    /** @throws dev.kiln.spi.InvalidInput when it is none of the marks */
    Answer answer(String mark, Place place);

    /** One mark for each label or choice, in their order. */
    static Marks choices(List<String> marks) {
        return (mark, place) -> {
            int index = marks.indexOf(mark);
            if (index < 0) {
                throw place.refuse(
                        String.format(
                                Locale.ROOT,
                                "expected a label of %s, got \"%s\"",
                                String.join(", ", marks),
                                mark));
            }
            return new Answer.Choice(index);
        };
    }

    static Marks choices(String... marks) {
        return choices(List.of(marks));
    }

    /** A number from {@code min} to {@code max}. */
    static Marks scores(int min, int max) {
        return (mark, place) -> {
            double score = number(mark);
            if (score >= min && score <= max) {
                return new Answer.Score(score);
            }
            throw place.refuse(
                    String.format(
                            Locale.ROOT,
                            "expected a score from %d to %d, got \"%s\"",
                            min,
                            max,
                            mark));
        };
    }

    private static double number(String mark) {
        try {
            return Double.parseDouble(mark);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
