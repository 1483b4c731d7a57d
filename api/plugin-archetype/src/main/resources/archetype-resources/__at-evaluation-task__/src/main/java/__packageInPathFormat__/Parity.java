package ${package};

import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.util.List;
import java.util.stream.IntStream;

/** Numbers below 100: of each ten, eight to learn from, one to choose by and one to report on. */
record Parity() implements EvalTask {

    @Override
    public TaskKind kind() {
        return TaskKind.CLASSIFICATION;
    }

    @Override
    public List<String> fields() {
        return List.of("number");
    }

    @Override
    public List<String> labels() {
        return List.of("even", "odd");
    }

    @Override
    public List<Example> examples(TaskPart part) {
        return IntStream.range(0, 100).filter(n -> part(n) == part).mapToObj(Parity::example).toList();
    }

    private static TaskPart part(int number) {
        return switch ((number + number / 10) % 10) {
            case 8 -> TaskPart.VALIDATION;
            case 9 -> TaskPart.TEST;
            default -> TaskPart.TRAIN;
        };
    }

    private static Example example(int number) {
        return new Example(
                "number " + number,
                List.of(Integer.toString(number)),
                List.of(),
                new Answer.Choice(number % 2));
    }

    @Override
    public Prompt prompt() {
        return Prompt.of("{number} is");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.ACCURACY);
    }
}
