package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
        ForkedKiln.at(home).bundle("note", NoteRun.class, NoteRun.Options.class);
        Path config = home.resolve("x.yaml");
        Files.writeString(config, "run: note\ntext: wait\nout: " + home.resolve("out") + "\n");
        Path output = home.resolve("output.txt");
        Process process =
                ForkedKiln.at(home)
                        .command("run", config.toString())
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
}
