package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.storage.SafetensorsFile;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogitsCommandTest {
    private static final int VOCABULARY = 257;
    private static final int WIDTH = 8;

    @TempDir private Path folder;
    private Path run;
    private Path file;

    @BeforeEach
    void writeRun() throws IOException {
        run = TinyRunFolder.write(folder.resolve("run"));
        file = folder.resolve("out.safetensors");
    }

    private Command logits(String... more) {
        String[] arguments =
                IntStream.range(0, 4 + more.length)
                        .mapToObj(
                                i ->
                                        i < 4
                                                ? List.of(
                                                                "logits",
                                                                run.toString(),
                                                                "--out",
                                                                file.toString())
                                                        .get(i)
                                                : more[i - 4])
                        .toArray(String[]::new);
        return Command.kiln(folder, "", arguments);
    }

    private static float[] floats(SafetensorsFile file, String name) {
        return file.floats(name).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    private float[] logitsWith(String... more) {
        Command command = logits(more);
        assertEquals(0, command.exitCode(), command.err());
        try (SafetensorsFile written = SafetensorsFile.open(file)) {
            return floats(written, "logits");
        }
    }

    @Test
    void idsLogitsAndHiddenStatesAreWritten() {
        assertEquals(0, logits("--ids", "72, 105 33", "--hidden").exitCode());
        try (SafetensorsFile written = SafetensorsFile.open(file)) {
            assertEquals(
                    List.of(
                            "ids",
                            "logits",
                            "hidden_states.0",
                            "hidden_states.1",
                            "hidden_states.2"),
                    written.names());
            assertArrayEquals(
                    new long[] {72, 105, 33},
                    written.tensor("ids").toArray(ValueLayout.JAVA_LONG_UNALIGNED));
            assertEquals(List.of(3L, (long) VOCABULARY), written.describe("logits").shape());
            assertEquals(List.of(3L, (long) WIDTH), written.describe("hidden_states.1").shape());
            checkAgainstWeights(written);
        }
    }

    /** The first state is the sum of two rows, the logits the last state times the table. */
    private void checkAgainstWeights(SafetensorsFile written) {
        Path model = run.resolve("checkpoints/step-00000010/model.safetensors");
        try (SafetensorsFile weights = SafetensorsFile.open(model)) {
            float[] table = floats(weights, "wte.weight");
            float[] places = floats(weights, "wpe.weight");
            float[] first = floats(written, "hidden_states.0");
            float[] last = floats(written, "hidden_states.2");
            float[] logits = floats(written, "logits");
            int[] ids = {72, 105, 33};
            for (int t = 0; t < 3; t++) {
                for (int c = 0; c < WIDTH; c++) {
                    float sum = table[ids[t] * WIDTH + c] + places[t * WIDTH + c];
                    assertEquals(sum, first[t * WIDTH + c], 1e-6f);
                }
                for (int id = 0; id < VOCABULARY; id++) {
                    float product = 0;
                    for (int c = 0; c < WIDTH; c++) {
                        product += last[t * WIDTH + c] * table[id * WIDTH + c];
                    }
                    assertEquals(product, logits[t * VOCABULARY + id], 1e-5f);
                }
            }
        }
    }

    @Test
    void oneLineNamesTheFileTheShapeAndTheLikeliestTokens() {
        Command command = logits("--text", "Hi!", "--backend", "reference");
        assertEquals(0, command.exitCode(), command.err());
        String token = "\\d+ (\"(\\\\?.|\\\\u00..)\"|\\(end of text\\)) \\d+\\.\\d\\d %";
        String line = "\\Q" + file + "\\E: logits \\[3, 257\\]; likeliest next: ";
        assertTrue(command.out().matches(line + token + "(, " + token + "){4}\n"), command::out);
        String best = command.out().replaceAll(".*next: (\\d+) .*\n", "$1");
        try (SafetensorsFile written = SafetensorsFile.open(file)) {
            float[] logits = floats(written, "logits");
            int end = logits.length - VOCABULARY;
            int argmax =
                    IntStream.range(0, VOCABULARY)
                            .reduce(0, (a, b) -> logits[end + b] > logits[end + a] ? b : a);
            assertEquals(String.valueOf(argmax), best);
        }
    }

    @Test
    void textAndItsIdsGiveTheSameAndAnotherCheckpointOther() {
        float[] best = logitsWith("--text", "Hi");
        assertArrayEquals(best, logitsWith("--ids", "[72,105]", "--checkpoint", "best"));
        assertNotEquals(best[0], logitsWith("--text", "Hi", "--checkpoint", "last")[0]);
    }

    private void assertRefused(String message, String... more) {
        Command command = logits(more);
        assertEquals("kiln: " + message + "\n", command.err().replaceAll("(?m)^.*INFO.*\n", ""));
        assertEquals(2, command.exitCode());
        assertFalse(Files.exists(file));
    }

    @Test
    void inputThatDoesNotFitIsRefusedAndNothingIsWritten() {
        assertRefused("the input has 7 tokens, the model's context holds 6", "--text", "1234567");
        assertRefused(
                "id 257 at place 1: expected 0 to 256, the ids of the model's vocabulary",
                "--ids",
                "1,257");
        assertRefused("the input is empty: expected one token or more", "--text", "");
        assertRefused("the input is empty: expected one token or more", "--ids", "");
        assertRefused(
                "--ids: expected an id, a whole number from 0 on at byte 2, found 'b'",
                "--ids",
                "1,b");
    }

    /** Row 7 of the table scores token 7; the third position is where all states break. */
    @Test
    void aLogitThatIsNoNumberIsNamedAndNothingIsWritten() throws IOException {
        run =
                TinyRunFolder.write(
                        folder.resolve("row"),
                        (name, values) -> {
                            if (name.equals("wte.weight")) {
                                values[7 * WIDTH] = Float.NaN;
                            }
                        });
        String line =
                "prompt 1: after %d tokens the model's logit of token %d is NaN; expected a number";
        assertRefused(line.formatted(1, 7), "--ids", "72,105");
        run =
                TinyRunFolder.write(
                        folder.resolve("position"),
                        (name, values) -> {
                            if (name.equals("wpe.weight")) {
                                values[2 * WIDTH] = Float.NaN;
                            }
                        });
        assertRefused(line.formatted(3, 0), "--ids", "72,105,33", "--hidden");
        assertEquals(2 * VOCABULARY, logitsWith("--ids", "72,105").length);
        byte[] before = Files.readAllBytes(file);
        assertEquals(2, logits("--ids", "72,105,33").exitCode());
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void wrongCallsAreRefused() {
        assertEquals(2, logits().exitCode());
        assertEquals(2, logits("--ids", "1", "--text", "a").exitCode());
        assertEquals(2, logits("--ids", "1", "--checkpoint", "first").exitCode());
        Command command = logits("--ids", "1", "--backend", "referense");
        assertTrue(command.err().contains("did you mean 'reference'?"), command::err);
        assertEquals(1, command.err().lines().count());
        Command missing = Command.kiln(folder, "", "logits", "none", "--ids", "1", "--out", "x");
        assertEquals(2, missing.exitCode());
        assertTrue(missing.err().contains("none: "), missing::err);
    }

    @Test
    void aFileIsReplacedAndAFolderIsNot() throws IOException {
        Files.writeString(file, "old");
        assertEquals(VOCABULARY, logitsWith("--ids", "1").length);
        Command folderOut =
                Command.kiln(
                        folder, "", "logits", run.toString(), "--ids", "1", "--out", "" + folder);
        assertEquals(2, folderOut.exitCode());
        assertTrue(folderOut.err().contains("is a folder, expected a file"), folderOut::err);
    }
}
