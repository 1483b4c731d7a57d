package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import java.util.List;
import org.pf4j.Extension;

/**
 * {@code cola}: is a sentence good English (Warstadt et al., 2018)? Files and labels as of GLUE,
 * where only the test file has a header; prompt as of lm-evaluation-harness.
 */
@Extension
public final class ColaFactory extends FilesTaskFactory {
    public ColaFactory() {
        super(
                "cola",
                Glue.sentence(
                        List.of("unacceptable", "acceptable"),
                        Prompt.of(
                                "{sentence}\nQuestion: Does this sentence make sense?\nAnswer:",
                                "no",
                                "yes"),
                        Metric.MATTHEWS),
                Glue.FILES,
                new Tsv(
                        List.of("sentence"),
                        "label",
                        Marks.choices("0", "1"),
                        List.of("source", "label", "author's mark", "sentence"),
                        false));
    }
}
