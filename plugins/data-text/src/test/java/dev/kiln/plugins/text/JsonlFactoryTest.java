package dev.kiln.plugins.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class JsonlFactoryTest {
    private static final String SKIP = " (missing: skip leaves such lines out)";

    @TempDir Path folder;

    private List<String> read(Split split, double heldOut, String... lines) throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), String.join("\n", lines));
        return all(source("a.jsonl", heldOut), split);
    }

    private TextSource source(String path, double heldOut) {
        return source(options(path, "text", Missing.ERROR, heldOut));
    }

    private static JsonlOptions options(
            String path, String field, Missing missing, double heldOut) {
        return new JsonlOptions(path, field, missing, heldOut, Optional.empty(), Order.SHUFFLED);
    }

    private TextSource source(JsonlOptions options) {
        return (TextSource) new JsonlFactory().create(options, new FolderContext(1, folder));
    }

    private static List<String> all(TextSource source, Split split) {
        try (Stream<String> documents = source.documents(split)) {
            return documents.toList();
        }
    }

    @Test
    void eachLineIsADocument() throws IOException {
        assertEquals(
                List.of("one", "zwei\n\"2\"", "🍵"),
                read(
                        Split.TRAIN,
                        0,
                        "{\"id\": 1, \"text\": \"one\"}\r",
                        "",
                        "  {\"text\": \"zwei\\n\\\"2\\\"\", \"more\": {\"text\": [1, {}]}}",
                        "{\"text\": \"\"}",
                        "{\"text\": \"\\ud83c\\udf75\"}"));
    }

    @Test
    void filesAreReadOneAfterTheOther() throws IOException {
        Files.writeString(folder.resolve("b.jsonl"), "{\"text\": \"three\"}\n");
        Files.writeString(
                folder.resolve("a.jsonl"), "\ufeff{\"text\":\"one\"}\n{\"text\":\"two\"}");
        assertEquals(List.of("one", "two", "three"), all(source("*.jsonl", 0), Split.TRAIN));
    }

    @Test
    void equalDocumentsAreOnOneSideAndTheShareIsRoughlyHeldOut() throws IOException {
        String[] lines =
                IntStream.range(0, 4000)
                        .mapToObj(i -> "{\"text\": \"document " + i % 2000 + "\"}")
                        .toArray(String[]::new);
        List<String> train = read(Split.TRAIN, 0.05, lines);
        List<String> heldOut = read(Split.HELD_OUT, 0.05, lines);
        assertEquals(4000, train.size() + heldOut.size());
        assertTrue(heldOut.size() > 120 && heldOut.size() < 280, heldOut.size() + " held out");
        var both = heldOut.stream().collect(Collectors.toSet());
        both.retainAll(train.stream().collect(Collectors.toSet()));
        assertTrue(both.isEmpty());
    }

    private static String[] documents(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"text\": \"document " + i + "\"}")
                .toArray(String[]::new);
    }

    @Test
    void ofFewDocumentsOneIsHeldOutAndOneTrainedOnWhateverTheShare() throws IOException {
        for (int count = 2; count < 12; count++) {
            for (double share : new double[] {1e-9, 0.05, 0.9}) {
                List<String> train = read(Split.TRAIN, share, documents(count));
                List<String> heldOut = read(Split.HELD_OUT, share, documents(count));
                assertTrue(!train.isEmpty() && !heldOut.isEmpty(), count + " at " + share);
                Set<String> all = new HashSet<>(train);
                all.addAll(heldOut);
                assertEquals(count, all.size());
                assertEquals(count, train.size() + heldOut.size());
            }
        }
    }

    @Test
    void aDocumentAloneIsTrainedOn() throws IOException {
        String[] twice = {documents(1)[0], documents(1)[0]};
        for (double share : new double[] {0, 0.05, 0.9}) {
            assertEquals(2, read(Split.TRAIN, share, twice).size());
            assertEquals(List.of(), read(Split.HELD_OUT, share, twice));
        }
    }

    @Test
    void heldOutDocumentsMayBeInAFileOfTheirOwn() throws IOException {
        Files.writeString(folder.resolve("train.jsonl"), String.join("\n", documents(9)));
        Files.writeString(folder.resolve("val.jsonl"), "{\"text\": \"other\"}");
        TextSource source =
                source(
                        new JsonlOptions(
                                "*.jsonl",
                                "text",
                                Missing.ERROR,
                                0.05,
                                Optional.of("val.jsonl"),
                                Order.SHUFFLED));
        assertEquals(9, all(source, Split.TRAIN).size());
        assertEquals(List.of("other"), all(source, Split.HELD_OUT));
    }

    @Test
    void documentsWithoutTextAreSkippedAndCounted() throws IOException {
        Files.writeString(
                folder.resolve("a.jsonl"),
                """
                {"text": "one"}
                {"text": null}
                {"title": "absent"}
                {"text": ""}

                {"text": "two"}
                """);
        TextSource source = source(options("a.jsonl", "text", Missing.SKIP, 0));
        assertEquals(List.of(), source.notices());
        assertEquals(List.of("one", "two"), all(source, Split.TRAIN));
        assertEquals(List.of(), all(source, Split.HELD_OUT));
        assertEquals(
                List.of(
                        folder.resolve("a.jsonl")
                                + ": skipped 2 documents without text in \"text\""),
                source.notices());
        Files.writeString(folder.resolve("a.jsonl"), "{\"text\": 3}");
        assertTrue(
                message(() -> all(source, Split.TRAIN)).endsWith("expected a string in \"text\""));
    }

    private List<String> field(String field, String line) throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), line + "\n{\"" + field + "\": \"last\"}");
        List<String> all = all(source(options("a.jsonl", field, Missing.SKIP, 0)), Split.TRAIN);
        return all.subList(0, all.size() - 1);
    }

    @Test
    void aNameWithADotIsAFieldOfAnObjectUnlessAFieldHasThatName() throws IOException {
        assertEquals(List.of("x"), field("meta.text", "{\"meta\": {\"id\": 1, \"text\": \"x\"}}"));
        assertEquals(List.of("x"), field("a.b.c", "{\"a\": {\"b\": {\"c\": \"x\"}, \"c\": 2}}"));
        assertEquals(List.of("x"), field("a.b.c", "{\"a\": {\"b.c\": \"x\"}}"));
        for (String both :
                List.of(
                        "{\"a\": {\"b\": \"nested\"}, \"a.b\": \"x\"}",
                        "{\"a.b\": \"x\", \"a\": {\"b\": 3}}")) {
            assertEquals(List.of("x"), field("a.b", both));
        }
        for (String none :
                List.of(
                        "{\"a\": null}",
                        "{\"a\": \"b\"}",
                        "{\"a\": [{\"b\": \"x\"}]}",
                        "{\"b\": \"x\"}")) {
            assertEquals(List.of(), field("a.b", none));
        }
    }

    @Test
    void theFieldsAroundAMissingOneAreNamed() throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), "{\"id\": 1, \"meta\": {\"txt\": \"x\"}}");
        TextSource source = source(options("a.jsonl", "meta.text", Missing.ERROR, 0));
        assertEquals(
                folder.resolve("a.jsonl")
                        + ":1: expected a field \"meta.text\"; the object has id, meta.txt"
                        + SKIP,
                message(() -> all(source, Split.TRAIN)));
    }

    /** As {@code printf '{"text": "one"}\n{"text": "two"}\n' | zstd} of zstd 1.5.4 packs it. */
    @Test
    void compressedLinesAreUnpacked() throws IOException {
        Files.write(
                folder.resolve("a.jsonl.zst"),
                HexFormat.of()
                        .parseHex(
                                "28b52ffd0458e50000b07b2274657874223a20226f6e65227d0a74776f227d0a0100669b4b6f2d2a9f"));
        assertEquals(List.of("one", "two"), all(source("a.jsonl.zst", 0), Split.TRAIN));
    }

    @Test
    void aStreamCanBeClosedEarlyAndReadAgain() throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), "{\"text\":\"one\"}\n{\"text\":\"two\"}");
        TextSource source = source("a.jsonl", 0);
        try (Stream<String> documents = source.documents(Split.TRAIN)) {
            assertEquals("one", documents.findFirst().orElseThrow());
        }
        assertEquals(2, all(source, Split.TRAIN).size());
    }

    @Test
    void aBadLineIsNamed() {
        assertEquals(
                ":2: expected a field \"text\"; the object has txt, id" + SKIP,
                refusal("{\"text\": \"x\"}\n{\"txt\": \"x\", \"id\": 3}"));
        assertEquals(":1: expected a field \"text\"; the object has none" + SKIP, refusal("{}"));
        assertEquals(
                ":1: expected a string in \"text\", got null" + SKIP, refusal("{\"text\": null}"));
        assertEquals(":1: expected a string in \"text\"", refusal("{\"text\": 3}"));
        assertEquals(":1: expected a JSON object", refusal("[1]"));
        assertEquals(
                ":1: expected one JSON object and nothing behind it",
                refusal("{\"text\": \"x\"} {}"));
        assertEquals(":3:10: not JSON", beginning(refusal("\n\n{\"text\": x}")));
        assertEquals(":1:12: not JSON", beginning(refusal("{\"text\": \"x")));
        assertTrue(
                refusal("{\"text\": \"a\", \"text\": \"b\"}").contains("Duplicate field 'text'"));
    }

    @Test
    void whatIsNotUtf8IsNamedWithItsLineAndByte() throws IOException {
        Files.write(
                folder.resolve("a.jsonl"),
                "{\"text\": \"x\"}\n{\"text\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(
                folder.resolve("a.jsonl") + ":2: expected UTF-8; byte 24 of the file (0xE9) is not",
                message(() -> all(source("a.jsonl", 0), Split.TRAIN)));
    }

    @Test
    void aCorpusWithoutADocumentIsRefused() {
        assertEquals(": empty; expected text", refusal(""));
        assertEquals(": no document to train on", refusal("\n\n"));
        assertEquals(": no document to train on", refusal("{\"text\": \"\"}"));
    }

    private String refusal(String lines) {
        String message = message(() -> read(Split.TRAIN, 0, lines));
        assertTrue(message.startsWith(folder.resolve("a.jsonl").toString()), message);
        return message.substring(folder.resolve("a.jsonl").toString().length());
    }

    private static String beginning(String message) {
        return message.substring(0, message.indexOf(": ", 6));
    }

    private static String message(Executable action) {
        return assertThrows(InvalidInput.class, action).getMessage();
    }
}
