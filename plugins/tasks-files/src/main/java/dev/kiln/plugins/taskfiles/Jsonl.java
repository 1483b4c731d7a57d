package dev.kiln.plugins.taskfiles;

import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** A JSON object a line, an object an example. */
record Jsonl(BiFunction<JsonObject, TaskPart, Example> reader) implements Format {
    @Override
    public List<Example> read(Path file, TaskPart part) {
        List<Example> examples = new ArrayList<>();
        Lines.eachFilled(file, line -> examples.add(reader.apply(Json.of(line), part)));
        return examples;
    }
}
