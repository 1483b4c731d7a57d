package dev.kiln.plugins.wordnet;

import dev.kiln.spi.Context;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.EvalTaskFactory;
import java.util.function.Function;

/** A task from WordNet, under its name. */
abstract class WordNetTaskFactory implements EvalTaskFactory<WordNetTaskOptions> {
    private final String name;
    private final Function<WordNetTaskOptions, EvalTask> task;

    WordNetTaskFactory(String name, Function<WordNetTaskOptions, EvalTask> task) {
        this.name = name;
        this.task = task;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Class<WordNetTaskOptions> options() {
        return WordNetTaskOptions.class;
    }

    @Override
    public final EvalTask create(WordNetTaskOptions options, Context context) {
        return task.apply(options);
    }
}
