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
import dev.kiln.spi.run.RunEvent;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.run.RunListenerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run: evaluate} from its recipe to its exit code. */
class EvaluateRunTest {
    @TempDir private Path folder;
    private final List<RunEvent> events = new ArrayList<>();
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

    /** The listener {@code recorder}. */
    private record RecorderFactory(List<RunEvent> events) implements RunListenerFactory<NoOptions> {
        @Override
        public String name() {
            return "recorder";
        }

        @Override
        public Class<NoOptions> options() {
            return NoOptions.class;
        }

        @Override
        public RunListener create(NoOptions options, Context context) {
            return events::add;
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
                "run: evaluate\nout: out\nmodel: model\ntasks: [letters]\nbackend: reference\n"
                        + "listeners: [recorder]\n");
    }

    private Command evaluate(String... overrides) {
        Factory<?, ?>[] parts = TinyParts.factories();
        Factory<?, ?>[] all = Arrays.copyOf(parts, parts.length + 2);
        all[parts.length] = new LettersFactory();
        all[parts.length + 1] = new RecorderFactory(events);
        Stream<String> arguments =
                Stream.of(
                        "run",
                        folder.resolve("evaluate.yaml").toString(),
                        "out=" + out,
                        "model=" + folder.resolve("model"));
        return Command.kiln(
                folder,
                all,
                new byte[0],
                Stream.concat(arguments, Stream.of(overrides)).toArray(String[]::new));
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
    void listenersAreToldWhatIsMeasured() throws IOException {
        TinyRunFolder.write(folder.resolve("model"));
        assertEquals(0, evaluate("bootstrap=0").exitCode());
        RunEvent.Started started = (RunEvent.Started) events.getFirst();
        assertTrue(started.title().contains(" on letters, "), started.title());
        assertEquals(1, started.steps());
        RunEvent.Measured measured = (RunEvent.Measured) events.get(1);
        assertEquals(1, measured.step());
        assertTrue(measured.values().containsKey("letters/0 shots/accuracy"), measured.toString());
        assertEquals(new RunEvent.Finished("run folder: " + out), events.get(2));
        assertEquals(3, events.size());
    }

    @Test
    void listenersAreToldWhyItFails() throws IOException {
        TinyRunFolder.write(
                folder.resolve("model"), (name, values) -> Arrays.fill(values, Float.NaN));
        Command done = evaluate();
        assertEquals(2, done.exitCode());
        String problem = lastLine(done).substring("kiln: ".length());
        assertEquals(new RunEvent.Failed(problem), events.getLast());
    }

    @Test
    void theFolderKeepsTheRecipeOfTheLastEvaluation() throws IOException {
        TinyRunFolder.write(folder.resolve("model"));
        assertEquals(0, evaluate("bootstrap=0").exitCode());
        assertTrue(Files.readString(out.resolve("config.yaml")).contains("bootstrap: 0"));
        assertTrue(Files.exists(out.resolve("environment.txt")));
        assertEquals(0, evaluate("bootstrap=10").exitCode());
        assertTrue(Files.readString(out.resolve("config.yaml")).contains("bootstrap: 10"));
    }

    @Test
    void aFolderOfAnotherKindOfRunIsRefused() throws IOException {
        TinyRunFolder.write(folder.resolve("model"));
        out = folder.resolve("model");
        Path config = out.resolve("config.yaml");
        Files.writeString(config, "seed: 1\n" + Files.readString(config));
        Command refused = evaluate();
        assertEquals(2, refused.exitCode());
        assertEquals(
                "kiln: "
                        + out
                        + ": can't resume: it is a run folder of 'pretrain', not of 'evaluate';"
                        + " begin another run with out=FOLDER",
                lastLine(refused));
        assertFalse(Files.exists(out.resolve("requests.txt")));
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
