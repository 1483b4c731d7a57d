package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.nio.file.Path;
import java.util.List;
import org.pf4j.Extension;

/**
 * {@code story-cloze}: which of two sentences ends a story of four (Mostafazadeh et al., 2016)? The
 * files of spring 2016 before those of winter 2018. No labelled stories are published to learn from:
 * as in the GPT-1 paper, a fifth of the validation file's stories are to choose by, the others to
 * learn from. Prompt as of lm-evaluation-harness: the story.
 */
@Extension
public final class StoryClozeFactory extends FilesTaskFactory {
    private static final List<String> VALIDATION =
            List.of("cloze_test_val__spring2016*.csv", "cloze_test_val__winter2018*.csv");
    private static final List<String> TEST =
            List.of("cloze_test_test__spring2016*.csv", "cloze_test_test__winter2018*.csv");
    private static final Marks ENDINGS = Marks.choices("1", "2");

    public StoryClozeFactory() {
        super(
                "story-cloze",
                Shape.of(TaskKind.MULTIPLE_CHOICE, "story", Prompt.of("{story}"), Metric.ACCURACY),
                new PartNames(VALIDATION, VALIDATION, TEST),
                StoryClozeFactory::stories);
    }

    private static List<Example> stories(Path file, TaskPart part) {
        TableReading table = new TableReading((header, row) -> story(header, row, part), false);
        Csv.each(file, table);
        return table.examples();
    }

    private static Example story(Header header, Row row, TaskPart part) {
        List<String> sentences =
                header.cells(
                        row,
                        "InputSentence1",
                        "InputSentence2",
                        "InputSentence3",
                        "InputSentence4");
        return new Example(
                row.place().id(),
                List.of(String.join(" ", sentences)),
                header.cells(row, "RandomFifthSentenceQuiz1", "RandomFifthSentenceQuiz2"),
                header.answer(row, "AnswerRightEnding", ENDINGS, part));
    }
}
