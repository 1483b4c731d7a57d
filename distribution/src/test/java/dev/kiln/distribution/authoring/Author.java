package dev.kiln.distribution.authoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Somebody who writes a plugin: with a packaged Kiln, with Maven that asks no server, and with a
 * repository in which Kiln's artifacts of this build are installed. Maven runs on the Java that runs
 * it for this build: on another, other profiles would ask for what this build never fetched.
 *
 * @param place a folder of the author's own, where Kiln keeps what is installed too
 */
record Author(Path place, Path kiln, Path repository) {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "")).resolve("..");
    private static final String VERSION = System.getProperty("kiln.version");
    private static final long MINUTES = 10;

    /** Of the build's repository everything but Kiln is taken over, by links. */
    static Author in(Path place) throws IOException, InterruptedException {
        Path unpacked = Files.createDirectories(place.resolve("unpacked"));
        assertEnds(
                0,
                start(unpacked, place, "tar", "-xzf", System.getProperty("kiln.archive")),
                "tar");
        Path repository = place.resolve("repository");
        Path whole = Path.of(System.getProperty("kiln.repository"));
        link(whole, repository, "dev");
        link(whole.resolve("dev"), repository.resolve("dev"), "kiln");
        Path own = repository.resolve("dev/kiln");
        install(own.resolve("kiln"), ROOT.resolve("pom.xml"), "kiln");
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(ROOT.resolve("api"))) {
            for (Path module : modules) {
                String name = "kiln-" + module.getFileName();
                install(own.resolve(name), module.resolve("pom.xml"), name);
            }
        }
        return new Author(place, unpacked.resolve("kiln-" + VERSION), repository);
    }

    private static void link(Path whole, Path folder, String except) throws IOException {
        Files.createDirectories(folder);
        if (Files.exists(whole)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(whole)) {
                for (Path one : all) {
                    if (!one.endsWith(except)) {
                        Files.createSymbolicLink(folder.resolve(one.getFileName()), one);
                    }
                }
            }
        }
    }

    private static void install(Path artifact, Path pom, String name) throws IOException {
        Path folder = Files.createDirectories(artifact.resolve(VERSION));
        String file = name + "-" + VERSION;
        Files.copy(pom, folder.resolve(file + ".pom"));
        Path jar = pom.resolveSibling("target").resolve(file + ".jar");
        if (Files.exists(jar)) {
            Files.copy(jar, folder.resolve(file + ".jar"));
        }
    }

    /** Runs Kiln, which must end well, and returns what it printed. */
    String kiln(Path folder, String... arguments) throws IOException, InterruptedException {
        return run(0, folder, kiln.resolve("bin/kiln").toString(), arguments);
    }

    /** Runs Maven offline, which must end well, and returns what it printed. */
    String maven(Path folder, String... arguments) throws IOException, InterruptedException {
        return maven(0, folder, arguments);
    }

    /** Runs Maven offline on a build that must fail, and returns what it printed. */
    String failingMaven(Path folder, String... arguments) throws IOException, InterruptedException {
        return maven(1, folder, arguments);
    }

    private String maven(int code, Path folder, String... arguments)
            throws IOException, InterruptedException {
        List<String> all =
                new ArrayList<>(List.of("-o", "-B", "-ntp", "-Dmaven.repo.local=" + repository));
        all.addAll(List.of(arguments));
        Path mvn = Path.of(System.getProperty("maven.home"), "bin", "mvn");
        return run(code, folder, mvn.toString(), all.toArray(String[]::new));
    }

    /** Builds a project, installs its archive, and runs its recipe. */
    String buildAndRun(Path project, String id, String version, String recipe)
            throws IOException, InterruptedException {
        maven(project, "package");
        Path archive = project.resolve("target/" + id + "-" + version + "-plugin.zip");
        assertTrue(Files.exists(archive), archive + " is not there");
        kiln(project, "plugins", "install", "--allow-unsigned", id, archive.toString());
        return kiln(project, "run", recipe);
    }

    private String run(int code, Path folder, String command, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of(arguments));
        Path output = Files.createTempFile(place, "output", ".txt");
        ProcessBuilder process = start(folder, place, line.toArray(String[]::new));
        process.redirectErrorStream(true).redirectOutput(output.toFile());
        assertEnds(code, process, line + ":\n" + output);
        return Files.readString(output);
    }

    /** Copies a project without what was built. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (!from.relativize(file).startsWith("target")) {
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
    }

    private static ProcessBuilder start(Path folder, Path place, String... line) {
        ProcessBuilder process = new ProcessBuilder(line).directory(folder.toFile());
        process.environment().put("JAVA_HOME", System.getProperty("maven.java"));
        process.environment().put("KILN_DATA_HOME", place.resolve("installed").toString());
        process.environment().remove("MAVEN_OPTS");
        process.environment().remove("MAVEN_ARGS");
        return process;
    }

    private static void assertEnds(int expected, ProcessBuilder builder, String what)
            throws IOException, InterruptedException {
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        int code = process.waitFor();
        assertEquals(expected, code, () -> what + contents(builder));
    }

    private static String contents(ProcessBuilder builder) {
        ProcessBuilder.Redirect output = builder.redirectOutput();
        try {
            return output.file() == null ? "" : "\n" + Files.readString(output.file().toPath());
        } catch (IOException e) {
            return "\n" + e;
        }
    }
}
