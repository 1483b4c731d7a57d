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
 * {@code wikitext}: Wikipedia's good and featured articles (Merity et al., 2016), a document an
 * article. Raw files before those with {@code <unk>}. As in lm-evaluation-harness, the text to be
 * predicted is detokenized, and words and bytes are counted of the article as it is in the file.
 */
@Extension
public final class WikiTextFactory extends FilesTaskFactory {
    public WikiTextFactory() {
        super(
                "wikitext",
                new Shape(
                        TaskKind.TEXT,
                        List.of("text", "original"),
                        List.of(),
                        Prompt.of(""),
                        List.of(Metric.PERPLEXITY)),
                new PartNames(
                        List.of("wiki.train.raw", "wiki.train.tokens"),
                        List.of("wiki.valid.raw", "wiki.valid.tokens"),
                        List.of("wiki.test.raw", "wiki.test.tokens")),
                WikiTextFactory::articles);
    }

    private static List<Example> articles(Path file, TaskPart part) {
        List<Example> examples = new ArrayList<>();
        List<Line> article = new ArrayList<>();
        Lines.each(
                file,
                line -> {
                    if (isTitle(line.text())) {
                        end(article, examples);
                    }
                    article.add(line);
                });
        end(article, examples);
        return examples;
    }

    /** Titles of articles have one equals sign on each side, those of sections more. */
    private static boolean isTitle(String line) {
        String text = line.strip();
        return text.startsWith("= ")
                && !text.startsWith("= =")
                && text.endsWith(" =")
                && !text.endsWith("= =");
    }

    private static void end(List<Line> article, List<Example> examples) {
        String original = String.join("\n", article.stream().map(Line::text).toList());
        if (!original.isBlank()) {
            examples.add(
                    new Example(
                            article.getFirst().place().id(),
                            List.of(Detokenizer.detokenize(original), original),
                            List.of(),
                            new Answer.Unknown()));
        }
        article.clear();
    }
}
