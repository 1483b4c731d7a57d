package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExchangeCommandsTest {
    @TempDir private Path folder;

    @Test
    void sizesAreInUnitsOfAThousand() {
        assertEquals(5_000_000_000L, ExportCommand.bytes("5GB"));
        assertEquals(1_500_000, ExportCommand.bytes("1.5 mb"));
        assertEquals(30_000, ExportCommand.bytes("30KB"));
        assertEquals(7, ExportCommand.bytes("7B"));
    }

    @Test
    void wrongWordsAreOneLineAndNothingIsWritten() {
        Path target = folder.resolve("out");
        String run = folder.toString();
        assertMistake(
                "--max-shard-size: expected a size such as 500MB or 5GB, got '5'",
                "export",
                run,
                target.toString(),
                "--max-shard-size=5");
        assertMistake(
                "expected a shard of 1 byte or more, got 0",
                "export",
                run,
                target.toString(),
                "--max-shard-size=0.1B");
        assertMistake(
                "--dtype: expected float32, bfloat16 or float16, got 'int8'",
                "export",
                run,
                target.toString(),
                "--dtype=int8");
        assertMistake(
                "Invalid value for option '--checkpoint': expected one of [best, last]"
                        + " (case-sensitive) but was 'first'; see 'kiln export --help'",
                "export",
                run,
                target.toString(),
                "--checkpoint=first");
        assertFalse(Files.exists(target));
    }

    @Test
    void aFolderThatIsNoModelIsNamed() {
        assertMistake(
                folder + ": is no Hugging Face folder: it has no config.json",
                "import",
                folder.toString(),
                "--out=" + folder.resolve("out"));
        assertMistake(
                folder
                        + ": has neither config.yaml, as a run folder, nor config.json, as a Hugging"
                        + " Face folder",
                "export",
                folder.toString(),
                folder.resolve("out").toString());
        assertMistake(
                folder.resolve("nowhere") + ": no such folder; expected a model's",
                "export",
                folder.resolve("nowhere").toString(),
                folder.resolve("out").toString());
    }

    private void assertMistake(String message, String... arguments) {
        Command done = Command.kiln(folder, "", arguments);
        assertEquals("kiln: " + message + "\n", done.err());
        assertEquals(2, done.exitCode());
        assertEquals("", done.out());
    }
}
