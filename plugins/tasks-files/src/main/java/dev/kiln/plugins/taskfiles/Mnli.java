package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Prompt;
import java.util.List;

/**
 * MultiNLI (Williams et al., 2018): does a premise entail a hypothesis, contradict it, or neither?
 * Files and labels as of GLUE. The prompt is that of lm-evaluation-harness, but that one adds a full
 * stop to a hypothesis that ends without.
 */
final class Mnli {
    private static final List<String> LABELS = List.of("entailment", "neutral", "contradiction");

    static final Shape SHAPE =
            Glue.entailment(
                    LABELS,
                    Prompt.of(
                            "{premise}\nQuestion: {hypothesis} True, False or Neither?\nAnswer:",
                            "True",
                            "Neither",
                            "False"));

    static final Format FORMAT = Tsv.of(Glue.SENTENCES, "gold_label", Marks.choices(LABELS));

    private Mnli() {}
}
