package dev.kiln.platform.models;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class InvalidScoreTest {
    private static final float NEVER = Float.NEGATIVE_INFINITY;

    /** The logits lie between two of others, which are not looked at. */
    private static String refusal(float... logits) {
        float[] all = new float[logits.length + 2];
        System.arraycopy(logits, 0, all, 1, logits.length);
        all[0] = Float.NaN;
        all[all.length - 1] = Float.NaN;
        return assertThrows(
                        InvalidScore.class,
                        () -> InvalidScore.requireLogits(all, 1, logits.length, 2, 5))
                .getMessage();
    }

    @Test
    void theFirstLogitThatIsNoNumberIsNamed() {
        String line = "prompt 3: after 5 tokens the model's logit of token ";
        assertEquals(line + "1 is NaN; expected a number", refusal(1, Float.NaN, Float.NaN));
        assertEquals(
                line + "2 is Infinity; expected a number",
                refusal(1, NEVER, Float.POSITIVE_INFINITY));
        assertEquals(line + "0 is NaN; expected a number", refusal(Float.NaN, 1));
    }

    @Test
    void negativeInfinityIsAScoreUnlessAllHaveIt() {
        float[] some = {NEVER, -Float.MAX_VALUE, NEVER};
        assertDoesNotThrow(() -> InvalidScore.requireLogits(some, 0, 3, 0, 1));
        assertDoesNotThrow(() -> InvalidScore.requireClasses(some, "e"));
        assertEquals(
                "prompt 3: after 5 tokens the model's logit of token 0 is -Infinity as all others"
                        + " are; expected a number",
                refusal(NEVER, NEVER));
    }

    @Test
    void aClassIsNamedWithItsExample() {
        assertEquals(
                "example e7: the model's score of class 1 is NaN; expected a number",
                assertThrows(
                                InvalidScore.class,
                                () -> InvalidScore.requireClasses(new float[] {0, Float.NaN}, "e7"))
                        .getMessage());
    }

    @Test
    void anotherPromptKeepsWhatWasFound() {
        InvalidScore found =
                assertThrows(
                        InvalidScore.class,
                        () -> InvalidScore.requireLogits(new float[] {Float.NaN}, 0, 1, 0, 4));
        assertEquals("prompt 9: " + found.problem(), found.of(8).getMessage());
        assertEquals(8, found.of(8).sequence());
    }
}
