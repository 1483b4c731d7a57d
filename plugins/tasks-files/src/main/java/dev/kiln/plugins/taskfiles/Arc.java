package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.List;

/**
 * ARC (Clark et al., 2018): questions of science from grade schools, with three to five choices that
 * letters or digits number. Prompt as of lm-evaluation-harness.
 */
final class Arc {
    static final Shape SHAPE =
            Shape.of(
                    TaskKind.MULTIPLE_CHOICE,
                    "question",
                    Prompt.of("Question: {question}\nAnswer:"),
                    Metric.ACCURACY);

    static final Format FORMAT = new Jsonl(Arc::example);

    private Arc() {}

    /** The names of a set's files. */
    static PartNames files(String set) {
        return PartNames.of(set + "-Train.jsonl", set + "-Dev.jsonl", set + "-Test.jsonl");
    }

    private static Example example(JsonObject object, TaskPart part) {
        JsonObject question = object.object("question");
        List<JsonObject> choices = question.objects("choices");
        if (choices.size() < 2) {
            throw object.place().refuse("expected at least 2 choices, got " + choices.size());
        }
        List<String> labels = choices.stream().map(choice -> choice.text("label")).toList();
        return new Example(
                object.place().id(),
                List.of(question.text("stem")),
                choices.stream().map(choice -> choice.text("text")).toList(),
                Marks.choices(labels).answer(object.text("answerKey"), object.place()));
    }
}
