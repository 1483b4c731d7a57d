package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.storage.FolderLock;
import dev.kiln.spi.Context;
import dev.kiln.spi.Factory;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.evaluation.Answer;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.EvalTaskFactory;
import dev.kiln.spi.evaluation.Example;
import dev.kiln.spi.evaluation.Metric;
import dev.kiln.spi.evaluation.Prompt;
import dev.kiln.spi.evaluation.TaskKind;
import dev.kiln.spi.evaluation.TaskPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run: evaluate} from its recipe to its exit code. */
class EvaluateRunTest {
    @TempDir private Path folder;
    private Path out;

    /** What comes after one letter, and after three. */
    record Letters() implements EvalTask {
        @Override
        public TaskKind kind() {
            return TaskKind.CLOZE;
        }

        @Override
        public List<String> fields() {
            return List.of("text");
        }

        @Override
        public List<String> labels() {
            return List.of();
        }

        @Override
        public List<Example> examples(TaskPart part) {
            Answer.Words answer = new Answer.Words(List.of("x"));
            return part == TaskPart.TEST
                    ? List.of(
                            new Example("short", List.of("a"), List.of(), answer),
                            new Example("long", List.of("abc"), List.of(), answer))
                    : List.of();
        }

        @Override
        public Prompt prompt() {
            return Prompt.of("{text}");
        }

        @Override
        public List<Metric> metrics() {
            return List.of(Metric.ACCURACY);
        }
    }

    private record LettersFactory() implements EvalTaskFactory<NoOptions> {
        @Override
        public String name() {
            return "letters";
        }

        @Override
        public Class<NoOptions> options() {
            return NoOptions.class;
        }

        @Override
        public EvalTask create(NoOptions options, Context context) {
            return new Letters();
        }
    }

    /** Holds a folder's lock, says so, and waits for the end of its input. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            try (FolderLock _ = FolderLock.acquire(Path.of(arguments[0]))) {
                System.out.println("held");
                System.in.read();
            }
        }
    }

    @BeforeEach
    void writeRecipe() throws IOException {
        out = folder.resolve("out");
        Files.writeString(
                folder.resolve("evaluate.yaml"),
                "run: evaluate\nout: out\nmodel: model\ntasks: [letters]\nbackend: reference\n");
    }

    private Command evaluate() {
        Factory<?, ?>[] parts = TinyParts.factories();
        Factory<?, ?>[] all = Arrays.copyOf(parts, parts.length + 1);
        all[parts.length] = new LettersFactory();
        return Command.kiln(
                folder,
                all,
                new byte[0],
                "run",
                folder.resolve("evaluate.yaml").toString(),
                "out=" + out,
                "model=" + folder.resolve("model"));
    }

    private static String lastLine(Command done) {
        return done.err().lines().reduce((_, last) -> last).orElse("");
    }

    @Test
    void aLogitThatIsNoNumberIsNamedAndNothingIsReported() throws IOException {
        TinyRunFolder.write(
                folder.resolve("model"),
                (name, values) -> {
                    if (name.equals("wpe.weight")) {
                        values[3 * 8] = Float.NaN; // what reads four tokens or more
                    }
                });
        Command done = evaluate();
        assertEquals(
                "kiln: task 'letters', long: after 4 tokens the model's logit of token 0 is NaN;"
                        + " expected a number",
                lastLine(done));
        assertEquals(2, done.exitCode());
        assertEquals("", done.out());
        assertFalse(Files.exists(out.resolve("results.json")));
        assertFalse(Files.exists(out.resolve("report.html")));
        assertFalse(Files.readString(out.resolve("requests.txt")).contains("NaN"));
    }

    @Test
    void aFolderThatAnotherProcessWritesIsRefusedAtOnce() throws Exception {
        Process holder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Holder.class.getName(),
                                out.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            assertEquals("held", holder.inputReader().readLine());
            Command refused = evaluate(); // there is no model, which is not even looked for
            String line = lastLine(refused);
            assertTrue(
                    line.startsWith(
                            "kiln: "
                                    + out
                                    + ": is being written by another process (pid "
                                    + holder.pid()
                                    + " on "),
                    line);
            assertEquals(2, refused.exitCode());
            assertEquals(List.of(), FolderLock.contents(out));
        } finally {
            holder.destroyForcibly().waitFor();
        }
        TinyRunFolder.write(folder.resolve("model"));
        Command done = evaluate();
        assertEquals(0, done.exitCode(), done.err());
        assertTrue(Files.exists(out.resolve("results.json")));
    }
}
