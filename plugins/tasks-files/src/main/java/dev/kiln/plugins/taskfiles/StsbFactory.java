package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import java.util.List;
import org.pf4j.Extension;

/**
 * {@code stsb}: how similar do two sentences mean, from 0 to 5 (Cer et al., 2017)? Files as of GLUE.
 * Neither the GPT papers nor lm-evaluation-harness put it to a language model, so the prompt is
 * Kiln's own.
 */
@Extension
public final class StsbFactory extends FilesTaskFactory {
    public StsbFactory() {
        super(
                "stsb",
                new Shape(
                        TaskKind.SIMILARITY,
                        Glue.SENTENCES,
                        List.of(),
                        Prompt.of(
                                "Sentence 1: {sentence1}\nSentence 2: {sentence2}\n"
                                        + "Question: How similar are they, from 0 to 5?\nAnswer:"),
                        List.of(Metric.PEARSON, Metric.SPEARMAN)),
                Glue.FILES,
                Tsv.of(Glue.SENTENCES, "score", Marks.scores(0, 5)));
    }
}
