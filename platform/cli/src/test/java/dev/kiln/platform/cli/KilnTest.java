package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.runtime.Installation;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.PlatformFactories;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilnTest {
    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int kiln(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        Installation installation = new Installation(folder, folder, folder.resolve("data"));
        return Kiln.execute(
                new Services(
                        installation,
                        () ->
                                KilnRuntime.start(
                                        installation,
                                        PlatformExtensions.module(),
                                        PlatformFactories.of(new NoteRun())),
                        Pipes.standard()),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                arguments);
    }

    private String config(String yaml) throws IOException {
        return Files.writeString(folder.resolve("x.yaml"), yaml).toString();
    }

    @Test
    void runDoesWhatTheFileDescribes() throws IOException {
        Path runs = folder.resolve("deep/runs");
        String file = config("run: note\nout: " + runs.resolve("a") + "\n");
        assertEquals(0, kiln("run", file, "text=hello"));
        assertEquals("hello", Files.readString(runs.resolve("a/note.txt")));
        assertEquals("", err.toString());
    }

    @Test
    void theRunFolderIsTheRunsToCreate() throws IOException {
        Path runs = folder.resolve("runs");
        String file = config("run: note\nout: " + runs.resolve("a") + "\nfail: true\n");
        assertEquals(2, kiln("run", file));
        assertTrue(Files.exists(runs));
        assertFalse(Files.exists(runs.resolve("a")));
    }

    @Test
    void validateSaysValidAndNothingElse() throws IOException {
        String file = config("run: note\n");
        assertEquals(0, kiln("validate", file, "text=x"));
        assertEquals(file + ": valid\n", out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void theUsersMistakeIsOneLineAndExitsWithTwo() throws IOException {
        String file = config("run: note\ntxt: a\n");
        String message =
                "kiln: " + file + ":2:1: unknown option 'txt' of run note; did you mean 'text'?\n";
        for (String verb : new String[] {"run", "validate"}) {
            assertEquals(2, kiln(verb, file));
            assertEquals("", out.toString());
            assertEquals(message, err.toString());
        }
    }

    @Test
    void ourMistakeIsOneLineAndExitsWithOne() throws IOException {
        String file = config("run: note\nout: " + folder.resolve("o") + "\n");
        assertEquals(1, kiln("run", file, "text=crash"));
        assertEquals(
                "kiln: internal error: java.lang.IllegalStateException: crash: on two lines (--debug"
                        + " prints the stack trace)\n",
                err.toString());
        assertEquals(1, kiln("run", file, "text=error"));
        assertEquals(
                "kiln: internal error: java.lang.AssertionError: error (--debug prints the stack"
                        + " trace)\n",
                err.toString());
    }

    @Test
    void whatAFileSystemRefusesIsPathAndReasonAndExitsWithTwo() throws IOException {
        String file = config("run: note\nout: " + folder.resolve("o") + "\n");
        assertEquals(2, kiln("run", file, "text=read-only"));
        assertEquals("kiln: ro/x: read-only file system\n", err.toString());
        assertEquals(2, kiln("run", file, "text=no folder"));
        assertEquals("kiln: missing/x: no such file or folder\n", err.toString());
    }

    @Test
    void aFileThatWasCutWhileItWasMappedIsNamed() throws IOException {
        String file = config("run: note\nout: " + folder.resolve("o") + "\n");
        assertEquals(2, kiln("run", file, "text=cut"));
        assertEquals("kiln: m.safetensors: was cut\n", err.toString());
    }

    @Test
    void aStackTraceIsPrintedOnlyWhenAskedFor() throws IOException {
        String file = config("run: note\nout: " + folder.resolve("o") + "\n");
        assertEquals(1, kiln("run", file, "text=crash", "--debug"));
        assertTrue(err.toString().contains("\tat dev.kiln.platform.cli.NoteRun"), err::toString);
        assertEquals(2, kiln("--debug", "validate", file, "txt=a"));
        assertTrue(err.toString().contains("\tat "), err::toString);
    }

    @Test
    void aWrongCallIsOneLineAndExitsWithTwo() {
        assertEquals(2, kiln());
        assertEquals("kiln: expected a command; see 'kiln --help'\n", err.toString());
        assertEquals(2, kiln("run"));
        assertEquals(
                "kiln: Missing required parameter: 'CONFIG'; see 'kiln run --help'\n",
                err.toString());
    }

    private void refused(String line, String... arguments) {
        assertEquals(2, kiln(arguments));
        assertEquals("kiln: " + line + "\n", err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void anUnknownCommandIsNamedWithTheOneThatWasMeant() {
        refused("unknown command 'rnu'; did you mean 'run'?; see 'kiln --help'", "rnu");
        refused(
                "unknown command 'validat'; did you mean 'validate'?; see 'kiln --help'",
                "validat");
        refused("unknown command 'nosuch'; see 'kiln --help'", "nosuch");
        refused(
                "unknown command 'lst'; did you mean 'list'?; see 'kiln plugins --help'",
                "plugins",
                "lst");
        refused("unexpected 'x'; see 'kiln schema --help'", "schema", "x");
    }

    @Test
    void anUnknownOptionIsNamedWithTheOneThatWasMeant() {
        refused("unknown option '--foo'; see 'kiln --help'", "--foo");
        refused("unknown option '-x'; see 'kiln --help'", "-x");
        refused("unknown option '--foo'; see 'kiln run --help'", "run", "--foo");
        refused(
                "unknown option '--jsn'; did you mean '--json'?; see 'kiln plugins --help'",
                "plugins",
                "--jsn");
        refused(
                "unknown option '--poitn'; did you mean '--point'?; see 'kiln plugins new --help'",
                "plugins",
                "new",
                "--poitn=sampler");
    }

    private String said(String... arguments) {
        assertEquals(0, kiln(arguments));
        assertEquals("", err.toString());
        return out.toString();
    }

    @Test
    void helpSaysWhatTheOptionSays() {
        assertEquals(said("--help"), said("help"));
        for (Verb verb : Verb.values()) {
            assertEquals(said(verb.word(), "--help"), said("help", verb.word()));
        }
        assertEquals(
                said("plugins", "keys", "add", "--help"), said("help", "plugins", "keys", "add"));
    }

    @Test
    void helpOnWhatIsNotThereIsOneLine() {
        refused("unknown command 'rnu'; did you mean 'run'?; see 'kiln --help'", "help", "rnu");
        refused("unknown command 'nosuch'; see 'kiln bench --help'", "help", "bench", "nosuch");
        refused("unexpected 'x'; see 'kiln schema --help'", "help", "schema", "x");
    }

    @Test
    void aVocabularyToPlanWithHasAtLeastOneToken() throws IOException {
        String file = config("run: note\n");
        for (String tokens : new String[] {"0", "-5"}) {
            assertEquals(2, kiln("plan", file, "--vocabulary", tokens));
            assertEquals(
                    "kiln: --vocabulary: expected 1 to 2,147,483,647, got " + tokens + "\n",
                    err.toString());
        }
    }

    @Test
    void schemaPrintsAJsonSchema() {
        assertEquals(0, kiln("schema"));
        assertTrue(out.toString().startsWith("{\n  \"$schema\""));
        assertTrue(out.toString().contains("\"run.note\""));
    }

    @Test
    void pluginsListsEachPointWithSuppliersAndOptions() {
        assertEquals(0, kiln("plugins"));
        assertTrue(
                out.toString()
                        .contains(
                                """
                                  note (platform)
                                      text (text, default "a note"): What to write down
                                      fail (true or false, default false)
                                """),
                out::toString);
        assertTrue(out.toString().contains("model\n  none\n"), out::toString);
        assertTrue(out.toString().contains("backend\n  auto (platform)\n"), out::toString);
        assertEquals(0, kiln("plugins", "--json"));
        assertTrue(out.toString().contains("\"supplier\" : \"platform\""));
    }

    @Test
    void helpAndVersionAreThere() {
        assertEquals(0, kiln("--version"));
        assertTrue(out.toString().matches("kiln \\d+\\.\\d+\\.\\d+\n"), out::toString);
        assertEquals(0, kiln("--help"));
        assertTrue(out.toString().contains("validate"));
    }
}
