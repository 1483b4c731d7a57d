package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import java.util.List;

/**
 * What tasks of GLUE (Wang et al., 2018) share: a folder each, of tab-separated files. The answers
 * of its test files were never published.
 */
final class Glue {
    static final PartNames FILES = PartNames.of("train.tsv", "dev.tsv", "test.tsv");

    static final List<String> SENTENCES = List.of("sentence1", "sentence2");

    private Glue() {}

    static Shape sentence(List<String> labels, Prompt prompt, Metric metric) {
        return new Shape(
                TaskKind.CLASSIFICATION, List.of("sentence"), labels, prompt, List.of(metric));
    }

    static Shape entailment(List<String> labels, Prompt prompt) {
        return new Shape(
                TaskKind.ENTAILMENT,
                List.of("premise", "hypothesis"),
                labels,
                prompt,
                List.of(Metric.ACCURACY));
    }
}
