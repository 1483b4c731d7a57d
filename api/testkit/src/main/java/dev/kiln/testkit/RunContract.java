package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.run.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every kind of run keeps. Subclass it in a plugin's tests, with options that make it short. A
 * failure names the broken clause.
 */
@Experimental
public abstract class RunContract implements FactoryClauses {

    /** A new run that writes to this folder, which does not exist yet. */
    protected abstract Run run(Path runFolder) throws Exception;

    /** Whether a file of the run folder is the same in every run of the same options. */
    protected boolean repeats(Path file) {
        return true;
    }

    @Test
    void creatingItDoesNothing(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("out");
        run(out);
        assertFalse(Files.exists(out), "broken clause: create writes nothing, execute does");
    }

    @Test
    void itEndsAndLeavesNoThreadBehind(@TempDir Path folder) throws Exception {
        Threads before = Threads.now();
        Run run = run(folder.resolve("out"));
        assertDoesNotThrow(run::execute, "broken clause: a run of good options ends well");
        assertTrue(
                before.noneLeft(),
                "broken clause: the job is done in the calling thread; left: " + before.left());
        assertFalse(
                Thread.interrupted(), "broken clause: the calling thread isn't left interrupted");
    }

    @Test
    void itWritesToItsFolderAlone(@TempDir Path folder) throws Exception {
        run(folder.resolve("out")).execute();
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    0,
                    files.filter(file -> !file.endsWith("out")).count(),
                    "broken clause: a run writes to its own folder");
        }
    }

    @Test
    void theSameOptionsGiveTheSameFiles(@TempDir Path folder) throws Exception {
        run(folder.resolve("one")).execute();
        run(folder.resolve("two")).execute();
        Map<String, String> one = files(folder.resolve("one"));
        Map<String, String> two = files(folder.resolve("two"));
        assertEquals(
                one.keySet(), two.keySet(), "broken clause: the same options give the same files");
        one.forEach(
                (name, content) ->
                        assertEquals(
                                content,
                                two.get(name),
                                "broken clause: the same options and seed give the same bytes; "
                                        + name));
    }

    private Map<String, String> files(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.filter(Files::isRegularFile).filter(this::repeats).toList()) {
                    files.put(folder.relativize(file).toString(), content(file));
                }
            }
        }
        return files;
    }

    /** A text as it is, anything else by a number that stands for it. */
    private static String content(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.UTF_8);
        return Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))
                ? text
                : "bytes " + Arrays.hashCode(bytes);
    }
}
