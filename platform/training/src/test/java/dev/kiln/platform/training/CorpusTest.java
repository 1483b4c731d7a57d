package dev.kiln.platform.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.Order;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorpusTest {

    private static Corpus read(List<String> train, List<String> heldOut, int context) {
        return Corpus.read(
                new Sources.Texts(train, heldOut, Order.SHUFFLED), new ByteTokenizer(), context);
    }

    private static String refusal(List<String> train, List<String> heldOut, int context) {
        return assertThrows(InvalidInput.class, () -> read(train, heldOut, context)).getMessage();
    }

    @Test
    void everyDocumentEndsWithTheEndOfTextToken() {
        Corpus corpus = read(List.of("ab", "c"), List.of("d"), 4);
        int[] ids = new int[5];
        corpus.train().copy(0, ids, 0, 5);
        assertArrayEquals(new int[] {'a', 'b', 256, 'c', 256}, ids);
        assertEquals(2, corpus.heldOut().size());
    }

    @Test
    void anEmptyCorpusIsRefused() {
        assertEquals(
                "the corpus is empty: there is nothing to train on",
                refusal(List.of(), List.of("x"), 4));
    }

    @Test
    void aTextShorterThanTheContextIsRefused() {
        assertEquals(
                "the training text has 3 tokens; one sequence of the model's context needs 5: give"
                        + " more text or a smaller model.context",
                refusal(List.of("ab"), List.of("x"), 4));
    }

    @Test
    void aCorpusThatHoldsNothingOutIsRefused() {
        assertEquals(
                "no text is held out to measure on: hold out a larger share",
                refusal(List.of("abcdef"), List.of(), 4));
    }
}
