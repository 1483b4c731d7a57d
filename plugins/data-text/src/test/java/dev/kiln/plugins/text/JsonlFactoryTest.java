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
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class JsonlFactoryTest {
    @TempDir Path folder;

    private List<String> read(Split split, double heldOut, String... lines) throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), String.join("\n", lines));
        return all(source("a.jsonl", heldOut), split);
    }

    private TextSource source(String path, double heldOut) {
        var options = new JsonlOptions(path, "text", heldOut, Order.SHUFFLED);
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
                ":2: expected a field \"text\"; the object has txt, id",
                refusal("{\"text\": \"x\"}\n{\"txt\": \"x\", \"id\": 3}"));
        assertEquals(":1: expected a field \"text\"; the object has none", refusal("{}"));
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
