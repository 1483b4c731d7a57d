package dev.kiln.plugins.listeners;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.run.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonlListenerTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir private Path run;
    private Path file;

    @BeforeEach
    void name() {
        file = run.resolve("metrics.jsonl");
    }

    @Test
    void everyEventIsALineOfItsOwn() {
        assertLine(
                "\"event\":\"started\",\"step\":0,"
                        + "\"title\":\"GPT-2, 7.1 M parameters, WordNet, nd4j\",\"steps\":600",
                Events.started(0, 600),
                0);
        assertLine(
                "\"event\":\"step\",\"step\":3,\"tokens\":3072,\"loss\":4.25,"
                        + "\"learning_rate\":0.001,\"gradient_norm\":0.905,"
                        + "\"tokens_per_second\":12345.4,\"elapsed_seconds\":1.5",
                Events.step(3, 4.25),
                3);
        assertLine(
                "\"event\":\"saved\",\"step\":3,\"folder\":\"a\",\"best\":true",
                new RunEvent.Saved(3, Path.of("a"), true),
                3);
        assertLine(
                "\"event\":\"sampled\",\"step\":3,\"prompt\":\"p\",\"continuation\":\"a\\n\\\"é\"",
                new RunEvent.Sampled(3, "p", "a\n\"é"),
                3);
        assertLine(
                "\"event\":\"notice\",\"step\":3,\"message\":\"m\"", new RunEvent.Notice("m"), 3);
        assertLine(
                "\"event\":\"finished\",\"step\":3,\"summary\":\"s\"",
                new RunEvent.Finished("s"),
                3);
        assertLine(
                "\"event\":\"failed\",\"step\":3,\"message\":\"m\"", new RunEvent.Failed("m"), 3);
    }

    @Test
    void whatIsNotFiniteIsNull() {
        assertLine(
                "\"event\":\"evaluated\",\"step\":2,\"tokens\":2048,\"loss\":0.0,"
                        + "\"perplexity\":1.0,\"bits_per_byte\":null",
                Events.evaluated(2, 0, Double.NaN),
                2);
    }

    @Test
    void linesAreThereBeforeTheRunEnds() throws Exception {
        try (JsonlListener listener = new JsonlListener(file)) {
            listener.on(Events.started(0, 3));
            listener.on(Events.step(1, 5));
            assertEquals(2, Files.readAllLines(file).size());
        }
    }

    @Test
    void aResumeMovesWhatItDoesAgainAndAHalfWrittenLine() throws Exception {
        try (JsonlListener listener = new JsonlListener(file)) {
            listener.on(Events.started(0, 4));
            listener.on(Events.step(1, 5));
            listener.on(Events.step(2, 4));
            listener.on(new RunEvent.Saved(2, run, false));
            listener.on(Events.step(3, 3));
        }
        Files.writeString(file, "{\"event\":\"step\",\"st", StandardOpenOption.APPEND);
        try (JsonlListener listener = new JsonlListener(file)) {
            listener.on(Events.started(2, 4));
            listener.on(Events.step(3, 3.5));
        }
        List<String> lines = Files.readAllLines(file);
        assertEquals(
                List.of("started", "step", "step", "saved", "started", "step"),
                lines.stream().map(line -> line.split("\"")[7]).toList());
        assertEquals(List.of(0L, 1L, 2L, 2L, 2L, 3L), lines.stream().map(EventJson::step).toList());
        assertTrue(lines.get(5).contains("\"loss\":3.5"));
        List<String> replaced = Files.readAllLines(run.resolve("metrics.replaced.jsonl"));
        assertEquals(2, replaced.size());
        assertTrue(replaced.get(0).contains("\"step\":3") && replaced.get(0).contains("3.0"));
        assertEquals("{\"event\":\"step\",\"st", replaced.get(1));
    }

    @Test
    void aDamagedLineInTheMiddleTakesNoOtherWithIt() throws Exception {
        Files.writeString(file, "{\"step\":1}\n{\"st{\"step\":2}\n{\"step\":3}\n{\"step\":4}\n");
        try (JsonlListener listener = new JsonlListener(file)) {
            listener.on(Events.started(4, 9));
        }
        assertEquals(
                List.of("{\"step\":1}", "{\"step\":3}", "{\"step\":4}"),
                Files.readAllLines(file).subList(0, 3));
        assertEquals(
                "{\"st{\"step\":2}\n", Files.readString(run.resolve("metrics.replaced.jsonl")));
    }

    @Test
    void aNewRunBeginsAnew() throws Exception {
        Files.writeString(file, "old\n");
        try (JsonlListener listener = new JsonlListener(file)) {
            listener.on(Events.started(0, 4));
        }
        assertEquals(1, Files.readAllLines(file).size());
        assertEquals("old\n", Files.readString(run.resolve("metrics.replaced.jsonl")));
    }

    @Test
    void aDamagedLineHasNoStep() {
        for (String line :
                List.of("", "[]", "{}", "{\"step\":1", "{\"step\":\"x\"}", "{\"a\":{}}")) {
            assertThrows(IllegalArgumentException.class, () -> EventJson.step(line), line);
        }
        assertEquals(7, EventJson.step("{\"a\":{\"step\":1},\"step\":7,\"b\":[1]}"));
    }

    @Test
    void aFolderThatIsGoneIsToldToTheRun() {
        JsonlListener listener = new JsonlListener(run.resolve("gone/metrics.jsonl"));
        assertThrows(IOException.class, () -> listener.on(Events.started(0, 1)));
    }

    private static void assertLine(String expected, RunEvent event, long step) {
        assertEquals(
                "{\"time\":\"2026-01-02T03:04:05Z\"," + expected + "}",
                EventJson.text(event, step, TIME));
    }
}
