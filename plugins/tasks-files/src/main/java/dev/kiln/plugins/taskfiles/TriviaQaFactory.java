package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pf4j.Extension;

/**
 * {@code triviaqa}: questions of quizzes, without the evidence (Joshi et al., 2017). The unfiltered
 * questions before those of Wikipedia and of the web. Any alias of the answer is right. Prompt as in
 * the GPT-3 paper (appendix G).
 */
@Extension
public final class TriviaQaFactory extends FilesTaskFactory {
    public TriviaQaFactory() {
        super(
                "triviaqa",
                Shape.of(
                        TaskKind.FREE_ANSWER,
                        "question",
                        Prompt.of("Q: {question}\n\nA:"),
                        Metric.EXACT_MATCH),
                new PartNames(
                        named("train.json"), named("dev.json"), named("test-without-answers.json")),
                TriviaQaFactory::examples);
    }

    private static List<String> named(String end) {
        return List.of("unfiltered-web-" + end, "wikipedia-" + end, "web-" + end);
    }

    private static List<Example> examples(Path file, TaskPart part) {
        List<Example> examples = new ArrayList<>();
        Json.each(
                file,
                "Data",
                object ->
                        examples.add(
                                new Example(
                                        file.getFileName() + "#" + (examples.size() + 1),
                                        List.of(object.text("Question").strip()),
                                        List.of(),
                                        answer(object, part))));
        return examples;
    }

    private static Answer answer(JsonObject object, TaskPart part) {
        Optional<JsonObject> given = object.optionalObject("Answer");
        if (part == TaskPart.TEST && given.isEmpty()) {
            return new Answer.Unknown();
        }
        JsonObject answer = object.object("Answer");
        Stream<String> aliases =
                Stream.of(
                                answer.texts("Aliases"),
                                answer.texts("NormalizedAliases"),
                                answer.optionalTexts("HumanAnswers").orElse(List.of()))
                        .flatMap(List::stream);
        return new Answer.Words(
                Stream.concat(Stream.of(answer.text("Value")), aliases)
                        .map(String::strip)
                        .distinct()
                        .toList());
    }
}
