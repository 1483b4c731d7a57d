package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tiny model has 257 · 8 tokens' elements, 6 · 8 positions', and 2 layers of width 8. */
class QuantizeCommandTest {
    @TempDir private Path folder;
    private Path run;
    private Path made;

    @BeforeEach
    void writeRun() throws IOException {
        run = TinyRunFolder.write(folder.resolve("run"));
        made = folder.resolve("made");
    }

    private Command quantize(String... more) {
        String[] all = new String[4 + more.length];
        System.arraycopy(
                new String[] {"quantize", run.toString(), "--out", made.toString()}, 0, all, 0, 4);
        System.arraycopy(more, 0, all, 4, more.length);
        return Command.kiln(folder, "", all);
    }

    @Test
    void aTableSaysWhatBecameOfTheBytes() {
        Command done = quantize("--to", "int8");
        assertEquals(0, done.exitCode(), done.err());
        List<String> lines = done.out().lines().toList();
        assertEquals(made + ":", lines.getFirst());
        String header = "  format +tensors +elements +bytes before +bytes after +ratio +rms error";
        assertTrue(lines.get(1).matches(header), done.out());
        // 10 vectors a layer and 2 of the last norm; each layer's are 4·8 + 24 + 8 + 32 + 8 = 104.
        assertTrue(
                lines.get(2).matches("  float32 +18 +224 +896 +896 +1\\.000 +0\\.000 %"),
                done.out());
        assertTrue(lines.get(3).matches("  bfloat16 +1 +48 +192 +96 +0\\.500 +0\\.\\d+ %"));
        // 257 · 8 of the table and 12 · 8 · 8 a layer. Scales: 257, and 24 + 8 + 32 + 8 a layer.
        assertTrue(
                lines.get(4).matches("  int8 +9 +3,592 +14,368 +5,196 +0\\.362 +0\\.\\d+ %"),
                done.out());
        assertTrue(lines.get(5).matches("  all +28 +3,864 +15,456 +6,188 +0\\.400 +0\\.\\d+ %"));
        assertEquals(6, lines.size());
    }

    @Test
    void everyVerbThatOpensAModelTakesWhatWasMade() {
        assertEquals(0, quantize("--to", "int4").exitCode());
        Path logits = folder.resolve("logits.safetensors");
        String model = made.toString();
        for (String[] verb :
                new String[][] {
                    {"logits", model, "--ids", "72,105", "--out", logits.toString()},
                    {"tokenize", model},
                    {"inspect", model},
                }) {
            Command done = Command.kiln(folder, "", verb);
            assertEquals(0, done.exitCode(), done.err());
        }
        assertTrue(
                Command.kiln(folder, "", "inspect", model)
                        .out()
                        .contains("metadata quantization: int4"));
    }

    @Test
    void bothModelsAreMeasuredOnTheText() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "Some text to predict.");
        Command done = quantize("--to", "bfloat16", "--evaluate", text.toString());
        assertEquals(0, done.exitCode(), done.err());
        List<String> lines = done.out().lines().toList();
        String figures = " +(\\d+\\.\\d{4}) +(\\d+\\.\\d\\d) +(\\d+\\.\\d{4})";
        String original = lines.get(lines.size() - 2);
        String rounded = lines.getLast();
        assertTrue(original.matches("  original" + figures), done.out());
        assertTrue(rounded.matches("  bfloat16" + figures), done.out());
        double loss = number(original, figures, 1);
        assertEquals(loss, number(rounded, figures, 1), 0.05 * loss);
        assertEquals(Math.exp(loss), number(original, figures, 2), 1e-3 * Math.exp(loss));
        // A token of this tokenizer is a byte.
        assertEquals(loss / Math.log(2), number(original, figures, 3), 2e-4);
    }

    /** Every weight is finite; the logit of 'd' is -2 · 3e38, and float32 ends at 3.4e38. */
    @Test
    void aLossThatIsNoNumberIsNamedAndNoFolderIsLeft() throws IOException {
        run =
                TinyRunFolder.write(
                        folder.resolve("huge"),
                        (name, values) -> {
                            switch (name) {
                                case "wte.weight" -> values['d' * 8] = 3e38f;
                                case "ln_f.weight" -> values[0] = 0;
                                case "ln_f.bias" -> values[0] = -2;
                                default -> {}
                            }
                        });
        Path text = Files.writeString(folder.resolve("text.txt"), "abcdef");
        Command sane = quantize("--to", "int8");
        assertEquals(0, sane.exitCode(), sane.err());
        made = folder.resolve("measured");
        List<Path> before = entries();
        assertMistake(
                "--evaluate: original, token 3: the model's loss is Infinity; expected a number",
                "--to=int8",
                "--evaluate=" + text);
        assertEquals(before, entries());
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private static double number(String line, String figures, int group) {
        return Double.parseDouble(line.replaceAll(".*?" + figures, "$" + group));
    }

    @Test
    void mistakesAreOneLineAndNothingIsWritten() throws IOException {
        assertMistake("--to: expected int8, int4 or bfloat16, got 'int5'", "--to=int5");
        assertMistake(
                "--evaluate: " + folder.resolve("none.txt") + ": no such file",
                "--to=int8",
                "--evaluate=" + folder.resolve("none.txt"));
        assertMistake(
                "--evaluate: %s says nothing of data that were held out: give a text file"
                        .formatted(run),
                "--to=int8",
                "--evaluate");
        Files.createDirectory(made);
        Files.createFile(made.resolve("x"));
        Command done = quantize("--to=int8");
        assertEquals(
                "kiln: " + made + ": exists and is not empty; name a new folder\n", done.err());
        assertEquals(2, done.exitCode());
    }

    private void assertMistake(String message, String... arguments) {
        Command done = quantize(arguments);
        assertEquals("kiln: " + message + "\n", done.err());
        assertEquals(2, done.exitCode());
        assertFalse(Files.exists(made));
    }
}
