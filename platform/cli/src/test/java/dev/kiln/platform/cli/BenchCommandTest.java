package dev.kiln.platform.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.storage.HuggingFaceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names are those that the scripts in {@code distribution/benchmarks} read. */
class BenchCommandTest {
    @TempDir private Path folder;

    private Command bench(String input, String... arguments) {
        List<String> all = new ArrayList<>(List.of("bench"));
        all.addAll(List.of(arguments));
        return Command.kiln(folder, input, all.toArray(String[]::new));
    }

    private Command tiny(String input, String verb, String... more) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                verb,
                                "--model",
                                "tiny",
                                "--backend",
                                "reference",
                                "--rounds",
                                "2"));
        all.addAll(List.of(more));
        return bench(input, all.toArray(String[]::new));
    }

    /** Reads JSON as a Hugging Face config, which is any object. */
    private Map<String, Object> json(String text) throws IOException {
        Files.writeString(folder.resolve(HuggingFaceFolder.CONFIG), text);
        return HuggingFaceFolder.config(folder);
    }

    private Map<String, Object> report(Command command) throws IOException {
        assertEquals(0, command.exitCode(), command.err());
        assertEquals(1, command.out().lines().count());
        return json(command.out());
    }

    private static Map<?, ?> in(Object map, String... path) {
        Object at = map;
        for (String key : path) {
            at = ((Map<?, ?>) at).get(key);
            assertTrue(at instanceof Map, key + " of " + map);
        }
        return (Map<?, ?>) at;
    }

    private static double number(Map<?, ?> map, String key) {
        return ((Number) map.get(key)).doubleValue();
    }

    private static void assertSpread(Map<?, ?> figures, String name) {
        Map<?, ?> spread = in(figures, name);
        assertEquals(Set.of("median", "least", "most", "rounds"), spread.keySet());
        List<?> rounds = (List<?>) spread.get("rounds");
        assertEquals(2, rounds.size());
        double first = ((Number) rounds.get(0)).doubleValue();
        double second = ((Number) rounds.get(1)).doubleValue();
        assertTrue(first > 0 && second > 0, name);
        assertEquals((first + second) / 2, number(spread, "median"), 1e-9 * first);
        assertEquals(Math.min(first, second), number(spread, "least"));
        assertEquals(Math.max(first, second), number(spread, "most"));
    }

    @Test
    void trainReportsTheStepWhatItRanOnAndTheModelsFlops() throws IOException {
        Map<String, Object> report =
                report(tiny("", "train", "--batch", "2", "--context", "5", "--json"));
        assertEquals("train", report.get("benchmark"));
        assertEquals(
                Set.of("processor", "processors", "system", "java"),
                in(report, "machine").keySet());
        Map<?, ?> about = in(report, "about");
        assertEquals("reference", about.get("backend"));
        assertEquals("bfloat16", about.get("precision"));
        // Two layers, C = 8, T = 6, V = 50257: the tables, two layers of 12 C² + 13 C, a last norm.
        long parameters = 50_257L * 8 + 6 * 8 + 2 * (12 * 64 + 13 * 8) + 2 * 8;
        assertEquals(parameters, ((Number) about.get("parameters")).longValue());
        assertEquals(6.0 * (parameters - 6 * 8) + 12.0 * 2 * 8 * 5, number(about, "flopsPerToken"));
        Map<?, ?> step = in(report, "figures", "step");
        assertSpread(step, "tokensPerSecond");
        assertSpread(step, "milliseconds");
        assertSpread(step, "share");
    }

    @Test
    void generateReportsPromptStreamsAndTheBytesOfATokensWeights() throws IOException {
        Map<String, Object> report =
                report(
                        tiny(
                                "",
                                "generate",
                                "--format",
                                "int8",
                                "--prompt",
                                "2",
                                "--tokens",
                                "3",
                                "--streams",
                                "2",
                                "--json"));
        Map<?, ?> about = in(report, "about");
        assertEquals("int8", about.get("format"));
        // A byte an element; scales for the table's rows of 8, and for columns of 8 and of 32.
        long table = 50_257L * (8 + 4);
        long block = 12 * 64 + 4 * (3 * 8 + 8 + 4 * 8 + 8);
        long vectors = 4L * (2 * 13 * 8 + 2 * 8);
        assertEquals(
                table + 2 * block + vectors,
                ((Number) about.get("weightBytesPerToken")).longValue());
        Map<?, ?> figures = in(report, "figures");
        assertEquals(Set.of("prompt", "stream", "streams"), figures.keySet());
        figures.values().forEach(row -> assertSpread(in(row), "tokensPerSecond"));
        assertSpread(in(figures, "stream"), "share");
        assertSpread(in(figures, "stream"), "firstTokenMilliseconds");
    }

    private Command generateFrom(Path run) {
        return bench(
                "",
                "generate",
                "--model",
                "tiny",
                "--from",
                run.toString(),
                "--precision",
                "float32",
                "--prompt",
                "2",
                "--tokens",
                "3",
                "--streams",
                "1",
                "--json");
    }

    @Test
    void generateTakesTheModelOfARunFolder() throws IOException {
        Map<String, Object> report =
                report(generateFrom(TinyRunFolder.write(folder.resolve("run"))));
        assertEquals(Set.of("prompt", "stream"), in(report, "figures").keySet());
    }

    @Test
    void generateSaysThatATokenizerIsNotReadAndMeasures() throws IOException {
        Path run = TinyRunFolder.write(folder.resolve("run"));
        Files.delete(run.resolve("tokenizer/bytes.txt"));
        Files.writeString(
                run.resolve("config.yaml"), "vocabulary: 257\n", StandardOpenOption.APPEND);
        Command command = generateFrom(run);
        report(command);
        String problem =
                "kiln: the tokenizer is not read: expected a file "
                        + run.resolve("tokenizer/bytes.txt");
        assertTrue(command.err().lines().anyMatch(problem::equals), command::err);
    }

    @Test
    void kernelReportsEveryKernelBesideItsRoofline() throws IOException {
        Map<String, Object> report =
                report(tiny("", "kernel", "--batch", "1", "--context", "3", "--json"));
        Map<?, ?> roofline = in(report, "about", "roofline");
        for (String name :
                List.of(
                        "readGigabytesPerSecond",
                        "triadGigabytesPerSecond",
                        "fmaGigaflopsPerSecond",
                        "float32MatmulGigaflopsPerSecond",
                        "bfloat16MatmulGigaflopsPerSecond")) {
            assertTrue(number(roofline, name) > 0, name);
        }
        Map<?, ?> figures = in(report, "figures");
        assertEquals(figures.keySet(), in(report, "about", "bounds").keySet());
        for (String name :
                List.of(
                        "linear 8x24 float32",
                        "linear dX 8x24 bfloat16",
                        "linear dW 32x8 float32",
                        "projectedCrossEntropyBackward 8x50257 bfloat16",
                        "attentionBackward T=3 float32",
                        "layerNorm bfloat16",
                        "linear of 1 row, int4 weight 8x32 float32",
                        "adamW 50257x8")) {
            assertSpread(in(figures, name), "milliseconds");
            assertSpread(in(figures, name), "share");
        }
    }

    @Test
    void kernelMeasuresAttentionInABandBesideDenseBeyondTheModelsContext() throws IOException {
        Map<String, Object> report =
                report(
                        tiny(
                                "",
                                "kernel",
                                "--batch",
                                "1",
                                "--context",
                                "9",
                                "--window",
                                "2",
                                "--precision",
                                "float32",
                                "--json"));
        assertEquals(
                Set.of(
                        "attention T=9 float32",
                        "attentionBackward T=9 float32",
                        "attention and backward T=9 float32",
                        "attention T=9 window=2 float32",
                        "attentionBackward T=9 window=2 float32",
                        "attention and backward T=9 window=2 float32"),
                in(report, "figures").keySet());
    }

    @Test
    void tokenizeReportsBothWaysOnAGivenText() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "größer\n");
        Map<String, Object> report =
                report(
                        bench(
                                "",
                                "tokenize",
                                "--tokenizer",
                                "bytes",
                                "--file",
                                text.toString(),
                                "--rounds",
                                "2",
                                "--json"));
        assertEquals(9, number(in(report, "about"), "bytes"));
        assertEquals(9, number(in(report, "about"), "ids"));
        assertSpread(in(report, "figures", "encode"), "megabytesPerSecond");
        assertSpread(in(report, "figures", "decode"), "megabytesPerSecond");
    }

    @Test
    void pacedAnswersEachLineWithOneRoundAndEndsWithTheInput() throws IOException {
        Command command = tiny("\n\n\n", "train", "--batch", "1", "--paced");
        assertEquals(0, command.exitCode(), command.err());
        List<String> lines = command.out().lines().toList();
        assertEquals(4, lines.size());
        assertEquals("train", json(lines.getFirst()).get("benchmark"));
        for (String line : lines.subList(1, 4)) {
            assertTrue(number(in(json(line), "figures", "step"), "tokensPerSecond") > 0);
        }
    }

    @Test
    void aTableHasARowForEachKindOfFigure() {
        Command command = bench("", "tokenize", "--tokenizer", "bytes", "--rounds", "1");
        assertEquals(0, command.exitCode(), command.err());
        assertTrue(command.out().contains("made-up words"), command::out);
        assertTrue(
                command.out().matches("(?s).*\n +MB/s +ms +spread\n  encode +[^\n]+\n  decode .*"),
                command::out);
    }

    private void assertRefused(String message, String... arguments) {
        Command command = bench("", arguments);
        assertEquals("kiln: " + message + "\n", command.err().replaceAll("(?m)^.*INFO.*\n", ""));
        assertEquals(2, command.exitCode());
    }

    @Test
    void whatCanNotBeMeasuredIsRefusedInOneLine() {
        assertRefused(
                "expected what to measure: kernel, train, generate or tokenize; see 'kiln bench"
                        + " --help'");
        assertRefused("--rounds: expected 1 to 100,000, got 0", "train", "--rounds", "0");
        assertRefused("--tokens: expected 3 to 1,000,000, got 1", "generate", "--tokens", "1");
        assertRefused("--window: expected 1 to 65,536, got 0", "kernel", "--window", "0");
        assertRefused("--threads: expected 1 to 1,024, got 0", "train", "--threads", "0");
        assertRefused(
                "--context: expected 1 to 6, the model's context, got 7",
                "train",
                "--model",
                "tiny",
                "--context",
                "7");
        assertRefused(
                "--model: there is no 'tinny'; expected one of gpt2-124m, gpt2-355m, gpt2-774m,"
                        + " gpt2-1558m, shakespeare-char, or a model family: tiny",
                "train",
                "--model",
                "tinny");
        assertRefused(
                "--file: " + folder + "/none can't be read: expected a text file",
                "tokenize",
                "--tokenizer",
                "bytes",
                "--file",
                folder + "/none");
        Command unknown = bench("", "train", "--model", "tiny", "--backend", "referense");
        assertTrue(unknown.err().contains("did you mean 'reference'?"), unknown::err);
        assertEquals(2, unknown.exitCode());
        assertEquals(1, unknown.err().lines().count());
        Command word = bench("", "generate", "--format", "int5");
        assertEquals(2, word.exitCode());
        assertEquals(1, word.err().lines().count());
    }
}
