package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Prompt;
import java.util.List;
import org.pf4j.Extension;

/**
 * {@code rte}: does a premise entail a hypothesis (Dagan et al., 2006, and those that followed)?
 * Files and labels as of GLUE, prompt as of lm-evaluation-harness.
 */
@Extension
public final class RteFactory extends FilesTaskFactory {
    private static final List<String> LABELS = List.of("entailment", "not_entailment");

    public RteFactory() {
        super(
                "rte",
                Glue.entailment(
                        LABELS,
                        Prompt.of(
                                "{premise}\nQuestion: {hypothesis} True or False?\nAnswer:",
                                "True",
                                "False")),
                Glue.FILES,
                Tsv.of(Glue.SENTENCES, "label", Marks.choices(LABELS)));
    }
}
