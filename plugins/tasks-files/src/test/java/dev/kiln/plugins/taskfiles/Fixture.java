package dev.kiln.plugins.taskfiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.TaskPart;
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A folder of files, and a task that reads them. */
record Fixture(Path folder, FilesTaskFactory factory) {

    Fixture write(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", lines) + "\n");
        return this;
    }

    EvalTask task() {
        return task(Optional.empty());
    }

    /** With a file of another name to report on. */
    EvalTask task(Optional<String> test) {
        return factory.create(
                new TaskFiles(".", Optional.empty(), Optional.empty(), test),
                new FolderContext(1, folder));
    }

    List<Example> examples(TaskPart part) {
        return task().examples(part);
    }

    /** @param name the file that is to blame; the message begins with its path */
    void refuses(TaskPart part, String name, String message) {
        assertEquals(folder.resolve(".").resolve(name) + message, refusal(part));
    }

    /** As {@link #refuses}, where the parser says what is wrong in its own words. */
    void refusesJson(TaskPart part, String name, int line) {
        String start = "%s:%d: not JSON: ".formatted(folder.resolve(".").resolve(name), line);
        String refusal = refusal(part);
        assertTrue(refusal.startsWith(start) && refusal.lines().count() == 1, refusal);
    }

    private String refusal(TaskPart part) {
        EvalTask task = task();
        return assertThrows(InvalidInput.class, () -> task.examples(part)).getMessage();
    }

    static Example one(String id, String text, Answer answer) {
        return new Example(id, List.of(text), List.of(), answer);
    }

    static Answer choice(int index) {
        return new Answer.Choice(index);
    }

    static Answer unknown() {
        return new Answer.Unknown();
    }
}
