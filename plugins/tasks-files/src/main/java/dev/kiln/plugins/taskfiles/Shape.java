package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import java.util.List;

/** All of a task but its examples. */
record Shape(
        TaskKind kind,
        List<String> fields,
        List<String> labels,
        Prompt prompt,
        List<Metric> metrics) {

    /** Of a task without labels. */
    static Shape of(TaskKind kind, String field, Prompt prompt, Metric... metrics) {
        return new Shape(kind, List.of(field), List.of(), prompt, List.of(metrics));
    }
}
