package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * RACE (Lai et al., 2017): questions about an article, each with four options, from examinations in
 * English. A folder of files for each part and level, an article a file. An example's text is the
 * article, an empty line and the question, put as of lm-evaluation-harness; but each question stands
 * by itself, where that one asks an article's last question after the others and their answers.
 */
final class Race implements Format {
    static final Shape SHAPE =
            Shape.of(
                    TaskKind.MULTIPLE_CHOICE,
                    "passage",
                    Prompt.of("Article: {passage}"),
                    Metric.ACCURACY);

    private static final Marks LETTERS = Marks.choices("A", "B", "C", "D");

    @Override
    public List<Example> read(Path folder, TaskPart part) {
        List<Example> examples = new ArrayList<>();
        for (Path file : articles(folder)) {
            examples.addAll(questions(file, Json.of(file)));
        }
        return examples;
    }

    private static TreeSet<Path> articles(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidInput(folder + ": expected a folder of articles");
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.txt")) {
            TreeSet<Path> sorted = new TreeSet<>();
            files.forEach(sorted::add);
            return sorted;
        } catch (IOException e) {
            throw Place.unreadable(folder, e);
        }
    }

    private static List<Example> questions(Path file, JsonObject article) {
        List<String> questions = article.texts("questions");
        List<List<String>> options = article.lists("options");
        List<String> answers = article.texts("answers");
        if (options.size() != questions.size() || answers.size() != questions.size()) {
            throw article.place()
                    .refuse(
                            String.format(
                                    Locale.ROOT,
                                    "expected as many options and answers as questions, got %d, %d and %d",
                                    options.size(),
                                    answers.size(),
                                    questions.size()));
        }
        return IntStream.range(0, questions.size())
                .mapToObj(
                        i ->
                                new Example(
                                        String.format(
                                                Locale.ROOT, "%s#%d", file.getFileName(), i + 1),
                                        List.of(
                                                article.text("article")
                                                        + "\n\n"
                                                        + questions.get(i)),
                                        options.get(i),
                                        answer(answers.get(i), options.get(i), article.place())))
                .toList();
    }

    private static Answer answer(String letter, List<String> options, Place place) {
        if (options.size() != 4) {
            throw place.refuse("expected 4 options for a question, got " + options.size());
        }
        return LETTERS.answer(letter, place);
    }
}
