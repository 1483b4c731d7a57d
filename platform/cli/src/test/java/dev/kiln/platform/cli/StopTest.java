package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command in a process of its own, with {@link NoteRun} as a plugin. */
class StopTest {
    private static final int SIGTERM = 15;

    @TempDir private Path home;

    @Test
    @Timeout(60)
    void aSignalEndsARunTidily() throws Exception {
        writePlugin();
        Path config = home.resolve("x.yaml");
        Files.writeString(config, "run: note\ntext: wait\nout: " + home.resolve("out") + "\n");
        Path output = home.resolve("output.txt");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                // As the launcher does: Guava warns without it.
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dkiln.home=" + home,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Kiln.class.getName(),
                                "run",
                                config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            while (process.isAlive() && !Files.exists(home.resolve("out/note.txt"))) {
                Thread.sleep(50);
            }
            assertTrue(process.isAlive(), () -> read(output));
            process.destroy();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            assertEquals(128 + SIGTERM, process.exitValue());
            assertTrue(Files.exists(home.resolve("out/tidied.txt")));
            assertEquals("kiln: stopped\n", read(output));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** As one of the installation. */
    private void writePlugin() throws Exception {
        Path plugins = Files.createDirectories(home.resolve("plugins"));
        Path archive = plugins.resolve("note.zip");
        writePlugin(archive);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));
        Files.writeString(
                plugins.resolve("SHA256SUMS"), HexFormat.of().formatHex(hash) + "  note.zip\n");
    }

    private static void writePlugin(Path archive) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            String manifest =
                    "Manifest-Version: 1.0\nPlugin-Id: note\nPlugin-Version: 1.0.0\n"
                            + "Plugin-Requires: >=0.1.0\n";
            put(zip, "META-INF/MANIFEST.MF", manifest.getBytes(StandardCharsets.UTF_8));
            put(
                    zip,
                    "META-INF/extensions.idx",
                    NoteRun.class.getName().getBytes(StandardCharsets.UTF_8));
            for (Class<?> type : new Class<?>[] {NoteRun.class, NoteRun.Options.class}) {
                String name = type.getName().replace('.', '/') + ".class";
                try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
                    put(zip, name, in.readAllBytes());
                }
            }
        }
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry("classes/" + name));
        zip.write(bytes);
        zip.closeEntry();
    }
}
