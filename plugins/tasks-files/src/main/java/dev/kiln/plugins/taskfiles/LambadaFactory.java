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
import org.pf4j.Extension;

/**
 * {@code lambada}: the last word of a passage (Paperno et al., 2016). A passage a line, as it was
 * published first, in lower case and tokenized; or, in a {@code .jsonl} file, in the {@code text} of
 * a JSON object, as OpenAI published the test passages in plain English for GPT-2. The word is what
 * is behind the last space, and the prompt the rest, as of lm-evaluation-harness. As in the GPT-3
 * paper, solved passages are drawn from the development file; every fifth is left to choose by. The
 * paper's cloze prompt is <code>{context} ____. -></code>.
 */
@Extension
public final class LambadaFactory extends FilesTaskFactory {
    private static final List<String> DEVELOPMENT =
            List.of("lambada_development.jsonl", "lambada_development_plain_text.txt");
    private static final List<String> TEST =
            List.of("lambada_test.jsonl", "lambada_test_en.jsonl", "lambada_test_plain_text.txt");

    public LambadaFactory() {
        super(
                "lambada",
                Shape.of(
                        TaskKind.CLOZE,
                        "context",
                        Prompt.of("{context}"),
                        Metric.ACCURACY,
                        Metric.PERPLEXITY),
                new PartNames(DEVELOPMENT, DEVELOPMENT, TEST),
                LambadaFactory::passages);
    }

    private static List<Example> passages(Path file, TaskPart part) {
        boolean json = file.toString().endsWith(".jsonl");
        List<Example> examples = new ArrayList<>();
        Lines.eachFilled(
                file,
                line ->
                        examples.add(
                                passage(
                                        json ? Json.of(line).text("text") : line.text(),
                                        line.place())));
        return examples;
    }

    private static Example passage(String text, Place place) {
        String passage = text.stripTrailing();
        int space = passage.lastIndexOf(' ');
        if (space < 1) {
            throw place.refuse("expected a passage of at least two words");
        }
        return new Example(
                place.id(),
                List.of(passage.substring(0, space)),
                List.of(),
                new Answer.Words(List.of(passage.substring(space + 1))));
    }
}
