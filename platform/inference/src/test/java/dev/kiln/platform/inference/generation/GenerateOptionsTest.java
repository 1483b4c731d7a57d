package dev.kiln.platform.inference.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.FixedChoice;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerateOptionsTest {

    private static GenerateOptions with(List<String> prompts, List<String> stop) {
        return new GenerateOptions(
                "run",
                "best",
                new FixedChoice<Backend>("reference", new ReferenceBackend()),
                PrecisionChoice.of(Precision.FLOAT32),
                prompts,
                false,
                1,
                8,
                new FixedChoice<>("first", (logits, history, length, key) -> 0),
                stop,
                false);
    }

    @Test
    void noPromptAtAllIsRefused() {
        assertEquals(
                "prompts: expected at least one, found []",
                assertThrows(InvalidInput.class, () -> with(List.of(), List.of())).getMessage());
    }

    @Test
    void anEmptyStopTextIsRefused() {
        assertEquals(
                "stop: expected texts of at least one character, found ''",
                assertThrows(InvalidInput.class, () -> with(List.of("a"), List.of("")))
                        .getMessage());
    }
}
