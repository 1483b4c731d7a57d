package dev.kiln.spi.evaluation;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Experimental;
import java.util.List;

/**
 * How an example is put to a language model: the question, a space or whatever the delimiter is, and
 * an answer, whose likelihood is asked for or which the model writes. Solved examples go before it,
 * each with the separator behind.
 *
 * @param question a text with {@code {field}} for the task's fields; {@code {choices}} for all
 *     choices, one a line
 * @param answers what stands for the task's labels, in their order; the labels themselves if empty
 */
@Experimental
public record Prompt(
        @Doc("The question, with {field} for each field of the task") String question,
        @Doc("What stands for the labels, in their order; the labels if left out") @Default("[]")
                List<String> answers,
        @Doc("Between question and answer") @Default("\" \"") String delimiter,
        @Doc("Between examples") @Default("\"\\n\\n\"") String separator) {
    public Prompt {
        answers = List.copyOf(answers);
    }

    /** With a space before the answer, and an empty line between examples. */
    public static Prompt of(String question, String... answers) {
        return new Prompt(question, List.of(answers), " ", "\n\n");
    }
}
