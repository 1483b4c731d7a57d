package dev.kiln.platform.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RunContextTest {
    private final RunContext context =
            new RunContext(5, Path.of("/start"), Path.of("/home/me"), Path.of("/start/runs/a"));

    @Test
    void pathsAreAsTheUserMeansThem() {
        assertEquals(Path.of("/data/x"), context.resolve("/data/x"));
        assertEquals(Path.of("/home/me/x"), context.resolve("~/x"));
        assertEquals(Path.of("/home/me"), context.resolve("~"));
        assertEquals(Path.of("/start/~x"), context.resolve("~x"));
        assertEquals(Path.of("/start/a/b"), context.resolve("a/b"));
        assertEquals(Path.of("/a"), context.resolve("../a"));
    }

    @Test
    void aRunWithoutACorpusSaysSo() {
        InvalidInput error = assertThrows(InvalidInput.class, context::trainingDocuments);
        assertEquals(
                "this needs a corpus of text to learn from, and the run has none",
                error.getMessage());
    }

    @Test
    void theVersionOfTheSpiIsKnown() {
        assertEquals(3, SpiVersion.current().split("\\.").length);
    }
}
