package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Kiln's archive, unpacked in a folder of its own. */
record Unpacked(Path home) {
    private static final long MINUTES = 5;

    /** What a command printed and how it ended. */
    record Result(int exitCode, String output, String errors) {}

    static Unpacked in(Path folder) throws IOException, InterruptedException {
        Result tar = execute(folder, List.of("tar", "-xzf", System.getProperty("kiln.archive")));
        assertTrue(tar.exitCode == 0, tar.errors);
        return new Unpacked(folder.resolve("kiln-" + System.getProperty("kiln.version")));
    }

    /** Runs {@code bin/kiln} with some folder as the working one. */
    Result kiln(Path workingFolder, String... arguments) throws IOException, InterruptedException {
        return start(home.resolve("bin/kiln"), workingFolder, arguments);
    }

    /** As {@link #kiln}, with no environment at all: no Java and no other program is on the path. */
    Result alone(Path workingFolder, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("env", "-i", home.resolve("bin/kiln").toString()));
        command.addAll(List.of(arguments));
        return execute(workingFolder, command);
    }

    /** As {@link #kiln}, with a file as standard input. */
    Result reading(Path input, Path workingFolder, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/kiln").toString()));
        command.addAll(List.of(arguments));
        return execute(workingFolder, command, ProcessBuilder.Redirect.from(input.toFile()));
    }

    /** Starts {@code bin/kiln} and does not wait; what it prints is thrown away. */
    Process begin(Path workingFolder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/kiln").toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(workingFolder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Runs the launcher by another name of it. */
    static Result start(Path launcher, Path workingFolder, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return execute(workingFolder, command);
    }

    /** Runs any command. */
    static Result execute(Path folder, List<String> command)
            throws IOException, InterruptedException {
        return execute(folder, command, ProcessBuilder.Redirect.PIPE);
    }

    private static Result execute(Path folder, List<String> command, ProcessBuilder.Redirect input)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("kiln", ".out");
        Path errors = Files.createTempFile("kiln", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectInput(input)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
        // Not the plugins of who runs the tests.
        builder.environment().put("KILN_DATA_HOME", folder.resolve(".kiln-data").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        Result result =
                new Result(process.waitFor(), Files.readString(output), Files.readString(errors));
        Files.delete(output);
        Files.delete(errors);
        return result;
    }
}
