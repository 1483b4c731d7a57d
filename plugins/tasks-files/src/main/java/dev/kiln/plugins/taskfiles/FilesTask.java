package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A task that reads its files whenever it is asked for examples. Immutable. */
record FilesTask(Shape shape, PartFiles files, Format format) implements EvalTask {
    private static final int SHARES = 5;

    @Override
    public TaskKind kind() {
        return shape.kind();
    }

    @Override
    public List<String> fields() {
        return shape.fields();
    }

    @Override
    public List<String> labels() {
        return shape.labels();
    }

    @Override
    public Prompt prompt() {
        return shape.prompt();
    }

    @Override
    public List<Metric> metrics() {
        return shape.metrics();
    }

    @Override
    public List<Example> examples(TaskPart part) {
        return files.find(part).map(file -> read(file, part)).orElse(List.of());
    }

    private List<Example> read(Path file, TaskPart part) {
        List<Example> examples = format.read(file, part);
        if (examples.isEmpty()) {
            throw new InvalidInput(file + ": no examples");
        }
        return part != TaskPart.TEST && files.oneForBoth()
                ? share(examples, part == TaskPart.VALIDATION)
                : examples;
    }

    /** Every fifth example, or all others. */
    private static List<Example> share(List<Example> examples, boolean fifths) {
        return IntStream.range(0, examples.size())
                .filter(i -> (i % SHARES == SHARES - 1) == fifths)
                .mapToObj(examples::get)
                .toList();
    }
}
