package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Options of {@code task}. */
public record DataTaskOptions(
        @Doc("what is given and asked for") TaskKind kind,
        @Doc("names of an example's texts, as the prompt has them") List<String> fields,
        @Doc("the classes, where all examples have the same") @Default("[]") List<String> labels,
        @Doc("how it is put to a language model") Prompt prompt,
        @Doc(
                        "what is reported; the first is what the task is known by; those of the kind if left out")
                @Default("[]")
                List<Metric> metrics,
        @Doc("files of JSON lines") @Default("{}") Files files,
        @Doc("which key of a JSON object holds what") @Default("{}") Keys keys,
        @Doc("examples that are written here, without files") @Default("{}") Inline examples) {

    /** Files of JSON lines; a part may have none. */
    public record Files(
            @Doc("to learn from") Optional<String> train,
            @Doc("to choose by") Optional<String> validation,
            @Doc("to report on") Optional<String> test) {
        Optional<String> of(TaskPart part) {
            return switch (part) {
                case TRAIN -> train;
                case VALIDATION -> validation;
                case TEST -> test;
            };
        }
    }

    /** Keys of a JSON object. */
    public record Keys(
            @Doc("for each field whose key has another name") @Default("{}")
                    Map<String, String> fields,
            @Doc("the example's own choices, a list of texts") @Default("choices") String choices,
            @Doc(
                            "a label or choice, as its text or its number from 0; a score; a text or a list of accepted texts")
                    @Default("answer")
                    String answer) {}

    /** Examples in the recipe. */
    public record Inline(
            @Doc("to learn from") @Default("[]") List<Item> train,
            @Doc("to choose by") @Default("[]") List<Item> validation,
            @Doc("to report on") @Default("[]") List<Item> test) {
        List<Item> of(TaskPart part) {
            return switch (part) {
                case TRAIN -> train;
                case VALIDATION -> validation;
                case TEST -> test;
            };
        }
    }

    /** An example. */
    public record Item(
            @Doc("its texts, by field") Map<String, String> texts,
            @Doc("its own choices") @Default("[]") List<String> choices,
            @Doc(
                            "a label or choice, as its text or its number from 0; a score; or an accepted text")
                    Optional<String> answer,
            @Doc("other accepted texts") @Default("[]") List<String> also) {}
}
