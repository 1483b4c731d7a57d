package dev.kiln.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.distribution.Unpacked.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/kiln}, however it is called. */
class LauncherIT {
    @TempDir private static Path place;
    private static Unpacked kiln;

    @BeforeAll
    static void unpack() throws Exception {
        kiln = Unpacked.in(place);
    }

    /** Runs a shell's script, in which {@code $0} is the launcher. */
    private static Result shell(Path here, String script, String... environment) throws Exception {
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(List.of(environment));
        command.addAll(List.of("sh", "-c", script, kiln.home().resolve("bin/kiln").toString()));
        return Unpacked.execute(here, command);
    }

    @Test
    void startsThroughASymbolicLink(@TempDir Path here) throws Exception {
        Path link = Files.createSymbolicLink(place.resolve("k"), kiln.home().resolve("bin/kiln"));
        assertEquals(0, Unpacked.start(link, here, "--version").exitCode());
    }

    /** The launcher without a runtime, in a folder of its own, asking for a Java of the future. */
    private static Path withoutRuntime(Path folder) throws Exception {
        Path script = folder.resolve("bin/kiln");
        Files.createDirectories(script.getParent());
        Files.createDirectories(folder.resolve("lib"));
        Files.copy(kiln.home().resolve("bin/kiln"), script);
        Path finder = Path.of("lib/find-java.sh");
        Files.writeString(
                folder.resolve(finder),
                Files.readString(kiln.home().resolve(finder))
                        .replace("KILN_JAVA=25", "KILN_JAVA=999"));
        return script;
    }

    /** Runs a command of which the environment has the path alone, and what is given. */
    private static Result alone(Path here, List<String> environment, String... command)
            throws Exception {
        List<String> all = new ArrayList<>(List.of("env", "-i", "PATH=" + System.getenv("PATH")));
        all.addAll(environment);
        all.addAll(List.of(command));
        return Unpacked.execute(here, all);
    }

    @Test
    void saysInOneLineThatNoJavaIsThere(@TempDir Path here) throws Exception {
        String script = withoutRuntime(here.resolve("a folder")).toString();
        Result expected =
                new Result(
                        2,
                        "",
                        "kiln: no Java 999 found: install a JDK 999 or set JAVA_HOME to one\n");
        assertEquals(expected, Unpacked.execute(here, List.of(script, "--version")));
        assertEquals(expected, alone(here, List.of(), script, "--version"));
        assertEquals(expected, alone(here, List.of("HOME=", "CDPATH=/"), script, "--version"));
    }

    @Test
    void findsAJavaInTheHomeFolder(@TempDir Path here) throws Exception {
        String script = withoutRuntime(here.resolve("a folder")).toString();
        Path home = here.resolve("my home");
        Path java = FakePrograms.jdk(home.resolve(".jdks/jdk-999"), 999);
        Result result = alone(here, List.of("HOME=" + home), script, "--version");
        assertEquals(0, result.exitCode(), result.errors());
        assertTrue(
                result.output().startsWith(java.resolve("bin/java").toString()), result.output());
    }

    @Test
    void startsInAFolderThatWasRemoved(@TempDir Path here) throws Exception {
        String launcher = kiln.home().resolve("bin/kiln").toString();
        String script = "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" --version";
        Result result = alone(here, List.of(), "sh", "-c", script, launcher);
        String version = System.getProperty("kiln.version");
        assertEquals(0, result.exitCode(), result.errors());
        assertEquals("kiln " + version + "\n", result.output());
        assertTrue(
                result.errors()
                        .endsWith(
                                "kiln: the working folder was removed: relative paths start at /"
                                        + " instead\n"),
                result.errors());
    }

    @Test
    void readsNothingWhereStandardInputIsClosed(@TempDir Path here) throws Exception {
        Result result = shell(here, "\"$0\" tokenize gpt2 <&-");
        assertEquals(new Result(0, "{\"ids\":[]}\n", ""), result);
    }

    @Test
    void saysThatItsOutputIsLost(@TempDir Path here) throws Exception {
        for (String script : List.of("\"$0\" schema >/dev/full", "\"$0\" --help >&-")) {
            Result result = shell(here, script);
            assertEquals(2, result.exitCode(), script);
            assertTrue(
                    result.errors().startsWith("kiln: standard output can't be written: "),
                    result.errors());
            assertEquals(1, result.errors().lines().count(), result.errors());
        }
    }

    @Test
    void endsInSilenceWhenItsReaderHasEnough(@TempDir Path here) throws Exception {
        Result result =
                shell(here, "yes Hello | head -n 99999 | \"$0\" tokenize gpt2 --lines | head -n 1");
        assertEquals(new Result(0, "{\"ids\":[15496]}\n", ""), result);
    }

    @Test
    void takesAnyNameWhereTheLocaleIsNotInstalled(@TempDir Path here) throws Exception {
        Result written =
                shell(
                        here,
                        "printf '{run: generate, model: gpt2, promts: [x]}' >'r\u00ebcipe \u65e5.yaml';"
                                + " \"$0\" validate 'r\u00ebcipe \u65e5.yaml'",
                        "LC_ALL=xx_XX.UTF-8");
        assertEquals(2, written.exitCode(), written.errors());
        assertTrue(written.errors().contains("r\u00ebcipe \u65e5.yaml:1:"), written.errors());
        assertTrue(written.errors().contains("did you mean 'prompts'?"), written.errors());
    }

    @Test
    void helpOfAnyVerbIsHelpAndNothingElse(@TempDir Path here) throws Exception {
        Result help = kiln.kiln(here, "run", "--help");
        assertEquals(0, help.exitCode());
        assertEquals("", help.errors());
        Result unknown = kiln.kiln(here, "nosuch");
        assertEquals(2, unknown.exitCode());
        assertEquals(1, unknown.errors().lines().count(), unknown.errors());
    }

    @Test
    void optionsForTheJvmNameNoFiles(@TempDir Path here) throws Exception {
        Files.createFile(here.resolve("-Dx=y"));
        Result result = shell(here, "\"$0\" --version", "KILN_JAVA_OPTS=-Dx=* -Dz=1");
        assertEquals(0, result.exitCode(), result.errors());
    }
}
