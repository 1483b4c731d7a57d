package dev.kiln.platform.comparison;

import dev.kiln.platform.run.ExampleHash;
import dev.kiln.platform.storage.AtomicFile;
import dev.kiln.spi.Choice;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.TaskPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which examples a comparison's tasks have, kept in its folder: a head that learned others is no part
 * of the same comparison.
 */
final class TaskExamples {
    static final String FILE = "examples.txt";

    private final Map<String, String> hashes = new TreeMap<>();

    TaskExamples(Map<Choice<EvalTask>, EvalTask> tasks) {
        tasks.forEach(
                (choice, task) -> {
                    for (TaskPart part : TaskPart.values()) {
                        hashes.put(key(choice, part), hash(task, part));
                    }
                });
    }

    private static String key(Choice<EvalTask> task, TaskPart part) {
        return task.name() + "." + part.name().toLowerCase(Locale.ROOT);
    }

    private static String hash(EvalTask task, TaskPart part) {
        try {
            return ExampleHash.of(task.examples(part));
        } catch (InvalidInput e) {
            return "none"; // who needs the part says so
        }
    }

    Map<String, String> hashes() {
        return hashes;
    }

    /** Keeps them in a folder. */
    void write(Path folder) throws IOException {
        AtomicFile.write(
                folder.resolve(FILE),
                hashes.entrySet().stream()
                        .map(hash -> hash.getKey() + " " + hash.getValue() + "\n")
                        .collect(Collectors.joining()));
    }

    /** Those that a folder keeps; empty where it keeps none. */
    static Map<String, String> kept(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        return Files.exists(file) ? read(file) : Map.of();
    }

    private static Map<String, String> read(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.split(" ", 2))
                .collect(Collectors.toMap(words -> words[0], words -> words[words.length - 1]));
    }
}
