package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.Context;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.EvalTaskFactory;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import java.util.List;
import org.pf4j.Extension;

/**
 * {@code qqp}: do two questions on Quora ask the same? Files and labels as of GLUE, F1 first as on
 * its board; prompt as of lm-evaluation-harness. In the training file as first published, some
 * questions have line ends in them, which break their rows.
 */
@Extension
public final class QqpFactory implements EvalTaskFactory<QqpOptions> {
    private static final List<String> FIELDS = List.of("question1", "question2");
    private static final Shape SHAPE =
            new Shape(
                    TaskKind.SIMILARITY,
                    FIELDS,
                    List.of("not_duplicate", "duplicate"),
                    Prompt.of(
                            "Question 1: {question1}\nQuestion 2: {question2}\n"
                                    + "Question: Do both questions ask the same thing?\nAnswer:",
                            "no",
                            "yes"),
                    List.of(Metric.F1, Metric.ACCURACY));

    @Override
    public String name() {
        return "qqp";
    }

    @Override
    public Class<QqpOptions> options() {
        return QqpOptions.class;
    }

    @Override
    public EvalTask create(QqpOptions options, Context context) {
        var files = new PartFiles(context.resolve(options.path()), Glue.FILES, options.files());
        Marks marks = Marks.choices("0", "1");
        return new FilesTask(
                SHAPE,
                files,
                new Tsv(FIELDS, "is_duplicate", marks, List.of(), options.skipBroken()));
    }
}
