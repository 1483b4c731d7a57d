package dev.kiln.platform.evaluation;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Prompt;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A task's examples as text. Immutable.
 *
 * @param name of the task, for messages
 */
record PromptForm(String name, EvalTask task, Prompt prompt) {
    private static final Pattern FIELD = Pattern.compile("\\{(\\w+)}");
    private static final String CHOICES = "choices";

    /** @throws InvalidInput when the prompt does not fit the task */
    PromptForm {
        Matcher matcher = FIELD.matcher(prompt.question());
        while (matcher.find()) {
            String field = matcher.group(1);
            if (!field.equals(CHOICES) && !task.fields().contains(field)) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "prompt of task '%s': there is no field {%s}; there are {%s} and {choices}",
                                name,
                                field,
                                String.join("}, {", task.fields())));
            }
        }
        int answers = prompt.answers().size();
        if (answers != 0 && answers != task.labels().size()) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "prompt of task '%s': has %d answers for %d labels",
                            name,
                            answers,
                            task.labels().size()));
        }
    }

    String question(Example example) {
        return FIELD.matcher(prompt.question())
                .replaceAll(field -> Matcher.quoteReplacement(value(field.group(1), example)));
    }

    /**
     * What tells a question from others: what the prompt shows of it (all its texts, where the prompt
     * shows nothing of it) and the choices that it brings. The answer is no part of it.
     */
    List<String> identity(Example example) {
        boolean shows = FIELD.matcher(prompt.question()).find();
        Stream<String> texts = shows ? Stream.of(question(example)) : example.texts().stream();
        return Stream.concat(texts, example.choices().stream()).toList();
    }

    private String value(String field, Example example) {
        return field.equals(CHOICES)
                ? String.join("\n", choices(example))
                : example.texts().get(task.fields().indexOf(field));
    }

    /** What may be answered: the example's own choices, or what stands for the labels. */
    List<String> choices(Example example) {
        if (!example.choices().isEmpty()) {
            return example.choices();
        }
        return prompt.answers().isEmpty() ? task.labels() : prompt.answers();
    }

    /** The right choice. */
    int right(Example example) {
        int count = choices(example).size();
        if (example.answer() instanceof Answer.Choice(int index) && index >= 0 && index < count) {
            return index;
        }
        throw new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "task '%s', %s: expected one of %d labels or choices as its answer, got %s",
                        name,
                        example.id(),
                        count,
                        example.answer()));
    }

    /** An answer as it stands behind the question. */
    String continuation(String answer) {
        return prompt.delimiter() + answer;
    }

    /** The right answer as text. */
    String answer(Example example) {
        return switch (example.answer()) {
            case Answer.Choice _ -> choices(example).get(right(example));
            case Answer.Score(double value) -> number(value);
            case Answer.Words(List<String> accepted) -> accepted.getFirst();
            case Answer.Unknown _ -> "";
        };
    }

    /** Without a fraction where there is none. */
    static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** An example, its answer, and what is between it and the next one. */
    String solved(Example example) {
        return question(example) + continuation(answer(example)) + prompt.separator();
    }
}
