package dev.kiln.platform.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The command in a process of its own, with test classes as a plugin of its installation.
 *
 * @param options of the JVM
 */
record ForkedKiln(Path home, List<String> options) {

    static ForkedKiln at(Path home) {
        return new ForkedKiln(home, List.of());
    }

    /** With one more option of the JVM. */
    ForkedKiln with(String option) {
        List<String> more = new ArrayList<>(options);
        more.add(option);
        return new ForkedKiln(home, more);
    }

    /** What a process printed and how it ended. */
    record Ended(int exitCode, String out, String err) {}

    /** The command, not started. */
    ProcessBuilder command(String... arguments) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                // As the launcher does: Guava warns without it.
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dkiln.home=" + home,
                                "-cp",
                                System.getProperty("java.class.path")));
        words.addAll(options);
        words.add(Kiln.class.getName());
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words);
        // Not the plugins of who runs the tests.
        builder.environment().put("KILN_DATA_HOME", home.resolve("data").toString());
        return builder;
    }

    /** Runs a command to its end. */
    Ended run(String... arguments) throws IOException, InterruptedException {
        Path out = home.resolve("out.txt");
        Path err = home.resolve("err.txt");
        Process process =
                command(arguments).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            return new Ended(process.waitFor(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * Makes a plugin of the installation, version 1.0.0.
     *
     * @param types its classes, the first of which is its extension
     */
    void bundle(String id, Class<?>... types) throws Exception {
        Path plugins = Files.createDirectories(home.resolve("plugins"));
        Path archive = plugins.resolve(id + ".zip");
        write(archive, id, types);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));
        Files.writeString(
                plugins.resolve("SHA256SUMS"),
                HexFormat.of().formatHex(hash) + "  " + archive.getFileName() + "\n");
    }

    private static void write(Path archive, String id, Class<?>... types) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            put(
                    zip,
                    "META-INF/MANIFEST.MF",
                    "Manifest-Version: 1.0\nPlugin-Id: "
                            + id
                            + "\nPlugin-Version: 1.0.0\nPlugin-Requires: >=0.1.0\n");
            put(zip, "META-INF/extensions.idx", types[0].getName());
            for (Class<?> type : types) {
                String name = type.getName().replace('.', '/') + ".class";
                try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
                    put(zip, name, in.readAllBytes());
                }
            }
        }
    }

    private static void put(ZipOutputStream zip, String name, String text) throws IOException {
        put(zip, name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry("classes/" + name));
        zip.write(bytes);
        zip.closeEntry();
    }
}
