package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.EvalTaskFactory;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import org.pf4j.Extension;

/** {@code task}: one that is only data, told whole by a recipe. */
@Extension
public final class DataTaskFactory implements EvalTaskFactory<DataTaskOptions> {
    @Override
    public String name() {
        return "task";
    }

    @Override
    public Class<DataTaskOptions> options() {
        return DataTaskOptions.class;
    }

    @Override
    public EvalTask create(DataTaskOptions options, Context context) {
        boolean own = options.kind() == TaskKind.MULTIPLE_CHOICE;
        boolean words =
                options.kind() == TaskKind.CLOZE
                        || options.kind() == TaskKind.FREE_ANSWER
                        || options.kind() == TaskKind.TEXT;
        boolean needed =
                options.kind() == TaskKind.CLASSIFICATION || options.kind() == TaskKind.ENTAILMENT;
        if (options.fields().isEmpty()) {
            throw new InvalidInput("task: fields: none given");
        }
        if (!options.labels().isEmpty() && (own || words)) {
            throw new InvalidInput("task: labels: a task of this kind has none");
        }
        if (options.labels().size() < 2 && needed) {
            throw new InvalidInput("task: labels: a task of this kind needs two or more");
        }
        for (TaskPart part : TaskPart.values()) {
            if (options.files().of(part).isPresent() && !options.examples().of(part).isEmpty()) {
                throw new InvalidInput(
                        "task: a part has both a file and examples in the recipe; give one of them");
            }
        }
        return new DataTask(options, context);
    }
}
