package dev.kiln.plugins.listeners;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.run.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ConsoleListenerTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void aLogHasALineNowAndThenAndTheLastOne() {
        ConsoleListener listener = lines(10, 0);
        listener.on(Events.started(0, 50));
        for (long step = 1; step <= 50; step++) {
            listener.on(Events.step(step, 4.3214));
        }
        String line = "  loss 4.321  lr 1.00e-3  norm 0.91  12,345 tokens/s";
        assertEquals(
                List.of(
                        "GPT-2, 7.1 M parameters, WordNet, nd4j",
                        "step 1/50" + line + "  0:24 left",
                        "step 21/50" + line + "  0:14 left",
                        "step 41/50" + line + "  0:04 left",
                        "step 50/50" + line + "  0:00 left"),
                written());
    }

    @Test
    void aLineCanComeAfterEverySoManySteps() {
        ConsoleListener listener = lines(1000, 2);
        listener.on(Events.started(0, 5));
        for (long step = 1; step <= 5; step++) {
            listener.on(Events.step(step, 1));
        }
        assertEquals(
                List.of("1/5", "2/5", "4/5", "5/5"),
                written().stream().skip(1).map(line -> line.split(" ")[1]).toList());
    }

    @Test
    void theTimeLeftOfAResumedRunCountsItsOwnSteps() {
        ConsoleListener listener = lines(0, 0);
        listener.on(Events.started(100, 200));
        listener.on(new RunEvent.Step(110, 0, 1, 1e-3, 1, 1, Duration.ofSeconds(20)));
        assertEquals("resumed after step 100", written().get(1));
        assertTrue(written().get(2).endsWith("  3:00 left"), written().get(2));
    }

    @Test
    void everyOtherEventIsSaidInALine() {
        ConsoleListener listener = lines(0, 0);
        listener.on(Events.evaluated(20, 3, 1.98765));
        listener.on(Events.evaluated(20, 3, Double.NaN));
        listener.on(new RunEvent.Saved(20, Path.of("runs", "a"), true));
        listener.on(new RunEvent.Saved(20, Path.of("runs", "a"), false));
        listener.on(new RunEvent.Sampled(20, "kiln (noun):", " an oven\u001b[31m\nfor bricks"));
        listener.on(new RunEvent.Notice("something"));
        listener.on(new RunEvent.Finished("loss 3\nbits 2"));
        listener.on(new RunEvent.Failed("loss is NaN"));
        assertEquals(
                List.of(
                        "step 20: held-out loss 3.0000, perplexity 20.09, bits per byte 1.9877",
                        "step 20: held-out loss 3.0000, perplexity 20.09",
                        "step 20: saved " + Path.of("runs", "a") + ", the best so far",
                        "step 20: saved " + Path.of("runs", "a"),
                        "step 20: the model writes",
                        "  | kiln (noun): an oven\ufffd[31m",
                        "  | for bricks",
                        "note: something",
                        "loss 3",
                        "bits 2",
                        "failed: loss is NaN"),
                written());
    }

    @Test
    void numbersDoNotDependOnTheSystemsLanguage() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertEquals(
                    "loss 4.000  12,345 tokens/s  1:02:31 left",
                    Words.besideBar(Events.step(1, 4), Duration.ofSeconds(3751)));
        } finally {
            Locale.setDefault(before);
        }
        assertEquals("6.00e-4", Words.scientific(6e-4));
        assertEquals("1.50e-12", Words.scientific(1.5e-12));
        assertEquals("0.00e0", Words.scientific(0));
        assertEquals("2.00e1", Words.scientific(20));
    }

    @Test
    void aTerminalHasABarBelowItsLines() {
        try (ConsoleListener listener = new ConsoleListener(new BarScreen(out, 100))) {
            listener.on(Events.started(0, 10));
            listener.on(Events.step(5, 4.25));
            listener.on(new RunEvent.Notice("half"));
            listener.on(new RunEvent.Finished("done"));
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("\r\u001b[Knote: half" + System.lineSeparator()), text);
        String last = text.substring(text.lastIndexOf("step"));
        assertTrue(last.contains("5/10"), text);
        assertTrue(last.contains("loss 4.250  12,345 tokens/s  0:02 left"), text);
        assertTrue(text.endsWith("done" + System.lineSeparator()), text);
        assertFalse(last.lines().findFirst().orElseThrow().length() > 100, text);
    }

    private ConsoleListener lines(double everySeconds, long everySteps) {
        return new ConsoleListener(new LineScreen(out, everySeconds, everySteps));
    }

    private List<String> written() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
