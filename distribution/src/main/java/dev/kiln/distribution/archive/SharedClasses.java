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
    private static final List<String> HELPING = List.of("-XX:+UseSerialGC");

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

    private final Path stage;
    private final RuntimeImage runtime;
    private final Path scratch;

    private SharedClasses(Path stage, RuntimeImage runtime, Path scratch) {
        this.stage = stage;
        this.runtime = runtime;
        this.scratch = scratch;
    }

    /** Writes the two archives. */
    static void dump(Path stage, RuntimeImage runtime, Path folder)
            throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("kiln-classes");
        try {
            SharedClasses classes = new SharedClasses(stage, runtime, scratch);
            classes.dump(folder.resolve("kiln-help.jsa"), HELPING, List.of(List.of("--help")));
            classes.dump(folder.resolve("kiln.jsa"), classes.computing(), classes.work());
        } finally {
            Assemble.delete(scratch);
        }
    }

    private List<List<String>> work() throws IOException {
        Files.writeString(scratch.resolve("corpus.txt"), "to be or not to be, ".repeat(200));
        Files.writeString(scratch.resolve("train.yaml"), TRAIN);
        Files.writeString(scratch.resolve("write.yaml"), WRITE);
        return List.of(
                List.of("plugins"), List.of("run", "train.yaml"), List.of("run", "write.yaml"));
    }

    private List<String> computing() {
        return List.of(
                "@" + stage.resolve("lib/jvm.options"), "--add-modules", "jdk.incubator.vector");
    }

    private void dump(Path archive, List<String> options, List<List<String>> calls)
            throws IOException, InterruptedException {
        SortedSet<String> classes = new TreeSet<>();
        for (List<String> call : calls) {
            classes.addAll(loadedBy(options, call));
        }
        Path list = Files.write(scratch.resolve("classes.lst"), classes);
        // From its folder and by a relative path, so that where the build stands is not kept.
        List<String> dump = new ArrayList<>(options);
        dump.addAll(
                List.of(
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + list,
                        "-XX:SharedArchiveFile=" + archive,
                        "-jar",
                        "lib/kiln.jar"));
        java(stage, dump);
    }

    private List<String> loadedBy(List<String> options, List<String> call)
            throws IOException, InterruptedException {
        Path list = scratch.resolve("loaded.lst");
        List<String> command = new ArrayList<>(options);
        command.addAll(
                List.of(
                        "-XX:DumpLoadedClassList=" + list,
                        "-Dkiln.home=" + stage,
                        "-jar",
                        stage.resolve("lib/kiln.jar").toString()));
        command.addAll(call);
        java(scratch, command);
        try (Stream<String> lines = Files.lines(list)) {
            // Which constants (@cp) were resolved differs from run to run.
            return lines.filter(line -> !line.startsWith("#") && !line.startsWith("@cp "))
                    .filter(line -> !line.contains(" source: "))
                    .map(line -> line.startsWith("@") ? line : line.split(" ", 2)[0])
                    .toList();
        }
    }

    private void java(Path folder, List<String> command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(runtime.java().toString()));
        all.addAll(command);
        Path said = scratch.resolve("said.txt");
        ProcessBuilder builder =
                new ProcessBuilder(all)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile());
        // Not this user's plugins, nor options meant for the build.
        builder.environment().put("KILN_DATA_HOME", scratch.resolve("data").toString());
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new IllegalStateException(
                    String.join(" ", all) + ": " + status + "\n" + Files.readString(said));
        }
    }
}
