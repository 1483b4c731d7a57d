package dev.kiln.distribution.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Classes as the JVM keeps them once they are loaded (static CDS archives). {@code kiln.jsa} has those
 * that Kiln and the JDK load for a listing, for training and for writing; {@code kiln-help.jsa} the
 * few for help, and the JDK's module graph, which the JVM keeps only where no option changes it.
 * Plugins' classes are in neither: a plugin may be replaced.
 */
final class SharedClasses {
    private static final String STAGE = "stage";
    private static final String RUNTIME = "runtime";

    private static final List<String> HELPING = List.of("-XX:+UseSerialGC");
    private static final List<String> COMPUTING =
            List.of("@lib/jvm.options", "--add-modules", "jdk.incubator.vector");

    private static final String TRAIN =
            """
            run: pretrain
            out: model
            data: {text: {path: corpus.txt, heldOut: 0.2}}
            tokenizer: char
            model: {gpt2: {layers: 1, heads: 2, width: 16, context: 16, dropout: 0}}
            training: {batch: 4, steps: 2}
            samples: {maxTokens: 0}
            """;
    private static final String WRITE =
            """
            {run: generate, model: model, prompts: [to be], maxTokens: 4}
            """;

    private final Path place;

    private SharedClasses(Path place) {
        this.place = place;
    }

    /**
     * Writes the two archives to {@code folder}. What the JVM loads and keeps depends in places on the
     * path that it stands at, so this goes on at one path, wherever the build stands.
     */
    static void dump(Path stage, RuntimeImage runtime, Path folder)
            throws IOException, InterruptedException {
        try (FixedPlace place = FixedPlace.take("kiln-classes")) {
            SharedClasses classes = new SharedClasses(place.folder());
            place.copy(stage, STAGE);
            place.copy(runtime.folder(), RUNTIME);
            classes.dump(folder.resolve("kiln-help.jsa"), HELPING, List.of(List.of("--help")));
            classes.dump(folder.resolve("kiln.jsa"), COMPUTING, classes.work());
        }
    }

    private List<List<String>> work() throws IOException {
        write("corpus.txt", "to be or not to be, ".repeat(200));
        return List.of(
                List.of("plugins"),
                List.of("run", write("train.yaml", TRAIN)),
                List.of("run", write("write.yaml", WRITE)));
    }

    private String write(String name, String text) throws IOException {
        Files.writeString(place.resolve(STAGE).resolve(name), text);
        return name;
    }

    private void dump(Path archive, List<String> options, List<List<String>> calls)
            throws IOException, InterruptedException {
        SortedSet<String> classes = new TreeSet<>();
        for (List<String> call : calls) {
            classes.addAll(loadedBy(options, call));
        }
        Path list = Files.write(place.resolve("classes.lst"), classes);
        Path dumped = place.resolve("classes.jsa");
        java(
                options,
                List.of(
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + list,
                        "-XX:SharedArchiveFile=" + dumped),
                List.of());
        Files.copy(dumped, archive);
    }

    private List<String> loadedBy(List<String> options, List<String> call)
            throws IOException, InterruptedException {
        Path list = place.resolve("loaded.lst");
        java(options, List.of("-XX:DumpLoadedClassList=" + list, "-Dkiln.home=."), call);
        try (Stream<String> lines = Files.lines(list)) {
            // Which constants (@cp) were resolved differs from run to run.
            return lines.filter(line -> !line.startsWith("#") && !line.startsWith("@cp "))
                    .filter(line -> !line.contains(" source: "))
                    .map(line -> line.startsWith("@") ? line : line.split(" ", 2)[0])
                    .toList();
        }
    }

    /** Runs the staged Kiln, by a relative path: so a dump fits wherever the archive is unpacked. */
    private void java(List<String> options, List<String> more, List<String> call)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(new RuntimeImage(place.resolve(RUNTIME)).java().toString()));
        command.addAll(options);
        command.addAll(more);
        command.addAll(List.of("-jar", "lib/kiln.jar"));
        command.addAll(call);
        Path said = place.resolve("said.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(place.resolve(STAGE).toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile());
        // Not this user's plugins, nor options meant for the build.
        builder.environment().put("KILN_DATA_HOME", place.resolve("data").toString());
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new IllegalStateException(
                    String.join(" ", command) + ": " + status + "\n" + Files.readString(said));
        }
    }
}
