package dev.kiln.distribution.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Classes as the JVM keeps them once they are loaded (a static CDS archive): those that Kiln and the
 * JDK load for help, for a listing, for training and for writing. Plugins' classes are not among
 * them: a plugin may be replaced.
 */
final class SharedClasses {
    private static final List<String> VECTOR = List.of("--add-modules", "jdk.incubator.vector");

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

    /** Writes {@code kiln.jsa}. */
    static void dump(Path stage, RuntimeImage runtime, Path folder)
            throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("kiln-classes");
        try {
            new SharedClasses(stage, runtime, scratch).dump(folder.resolve("kiln.jsa"));
        } finally {
            Assemble.delete(scratch);
        }
    }

    private void dump(Path archive) throws IOException, InterruptedException {
        Files.writeString(scratch.resolve("corpus.txt"), "to be or not to be, ".repeat(200));
        Files.writeString(scratch.resolve("train.yaml"), TRAIN);
        Files.writeString(scratch.resolve("write.yaml"), WRITE);
        SortedSet<String> classes = new TreeSet<>();
        classes.addAll(loadedBy("help", "--help"));
        classes.addAll(loadedBy("plugins", "plugins"));
        classes.addAll(loadedBy("train", "run", "train.yaml"));
        classes.addAll(loadedBy("write", "run", "write.yaml"));
        Path list = Files.write(scratch.resolve("classes.lst"), classes);
        // From its folder and by a relative path, so that where the build stands is not kept.
        java(
                stage,
                List.of(
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + list,
                        "-XX:SharedArchiveFile=" + archive),
                List.of("-jar", "lib/kiln.jar"));
    }

    private List<String> loadedBy(String name, String... arguments)
            throws IOException, InterruptedException {
        Path list = scratch.resolve(name + ".lst");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "-Dkiln.home=" + stage,
                                "-jar",
                                stage.resolve("lib/kiln.jar").toString()));
        Collections.addAll(command, arguments);
        java(scratch, List.of("-XX:DumpLoadedClassList=" + list), command);
        try (Stream<String> lines = Files.lines(list)) {
            return lines.filter(line -> !line.startsWith("#") && !line.contains(" source: "))
                    .map(line -> line.startsWith("@") ? line : line.split(" ", 2)[0])
                    .toList();
        }
    }

    private void java(Path folder, List<String> options, List<String> command)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(runtime.java().toString()));
        all.add("@" + stage.resolve("lib/jvm.options"));
        all.addAll(VECTOR);
        all.addAll(options);
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
