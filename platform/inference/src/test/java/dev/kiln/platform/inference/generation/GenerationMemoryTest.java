package dev.kiln.platform.inference.generation;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.model.ModelShape;
import org.junit.jupiter.api.Test;

/** GPT-2's smallest size, against bytes counted by hand. */
class GenerationMemoryTest {
    private static final ModelShape SHAPE = new ModelShape(50_257, 1024, 12, 12, 768);

    /** A key and a value of 768 in 12 layers, two bytes each. */
    private static final long POSITION = 2 * 12 * 768 * 2;

    private static final long LOGITS = 4 * 50_257;

    private static GenerationMemory of(int prompts, int samples, int longest, int maxTokens) {
        return new GenerationMemory(SHAPE, DType.BFLOAT16, prompts, samples, longest, maxTokens);
    }

    private static String refused(GenerationMemory memory, long available) {
        String message =
                assertThrows(InvalidInput.class, () -> memory.require(available)).getMessage();
        return message.substring(message.lastIndexOf(": ") + 2);
    }

    @Test
    void everySequenceHasAllItsPositions() {
        assertEquals(6 * (130 * POSITION + LOGITS), of(2, 3, 30, 100).bytes());
        assertEquals(1024 * POSITION + LOGITS, of(1, 1, 1000, 5000).bytes());
        assertEquals(1000 * 1024 * POSITION + 128 * LOGITS, of(1, 1000, 1, 2000).bytes());
    }

    /** Heads of 128 where the width divided by them is 64. */
    @Test
    void keysAndValuesAreAsWideAsTheAttention() {
        ModelShape wide = new ModelShape(50_257, 1024, 12, 12, 768, 12 * 128);
        GenerationMemory memory = new GenerationMemory(wide, DType.BFLOAT16, 2, 3, 30, 100);
        assertEquals(6 * (130 * 2 * POSITION + LOGITS), memory.bytes());
    }

    @Test
    void whatFitsToTheByteIsLetThrough() {
        GenerationMemory memory = of(2, 3, 30, 100);
        assertDoesNotThrow(() -> memory.require(memory.bytes()));
        assertEquals("samples=2 or maxTokens=99 would fit", refused(memory, memory.bytes() - 1));
    }

    @Test
    void onlyWhatHelpsIsNamed() {
        assertEquals(
                "maxTokens=50 would fit", refused(of(1, 1, 30, 100), of(1, 1, 30, 50).bytes()));
        assertEquals("samples=4 would fit", refused(of(1, 9, 1000, 8), of(1, 4, 1000, 8).bytes()));
        assertEquals(
                "fewer prompts would fit", refused(of(9, 1, 1000, 8), of(4, 1, 1000, 8).bytes()));
    }
}
