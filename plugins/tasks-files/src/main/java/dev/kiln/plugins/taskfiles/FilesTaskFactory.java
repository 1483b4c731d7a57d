package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.Context;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.EvalTaskFactory;

/** A task that its shape, the names of its files and their format tell whole. */
abstract class FilesTaskFactory implements EvalTaskFactory<TaskFiles> {
    private final String name;
    private final Shape shape;
    private final PartNames published;
    private final Format format;

    FilesTaskFactory(String name, Shape shape, PartNames published, Format format) {
        this.name = name;
        this.shape = shape;
        this.published = published;
        this.format = format;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Class<TaskFiles> options() {
        return TaskFiles.class;
    }

    @Override
    public final EvalTask create(TaskFiles options, Context context) {
        var files = new PartFiles(context.resolve(options.path()), published, options);
        return new FilesTask(shape, files, format);
    }
}
