package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import java.util.List;
import org.pf4j.Extension;

/**
 * {@code sst2}: is a sentence of a film review negative or positive (Socher et al., 2013)? Files and
 * labels as of GLUE, prompt as of lm-evaluation-harness.
 */
@Extension
public final class Sst2Factory extends FilesTaskFactory {
    public Sst2Factory() {
        super(
                "sst2",
                Glue.sentence(
                        List.of("negative", "positive"),
                        Prompt.of(
                                "{sentence}\nQuestion: Is this sentence positive or negative?\n"
                                        + "Answer:"),
                        Metric.ACCURACY),
                Glue.FILES,
                Tsv.of(List.of("sentence"), "label", Marks.choices("0", "1")));
    }
}
