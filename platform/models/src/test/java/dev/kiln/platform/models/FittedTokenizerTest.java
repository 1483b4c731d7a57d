package dev.kiln.platform.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.FramedTokenizer;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class FittedTokenizerTest {
    private final Tokenizer ascii = new FittedTokenizer(new ByteTokenizer(), 128);

    @Test
    void aTextOfTheIdsThatTheModelHasIsAsBefore() {
        assertEquals(128, ascii.vocabularySize());
        assertArrayEquals(new int[] {'h', 'i'}, ascii.encode("hi"));
        assertEquals("hi", ascii.decode('h', 'i'));
    }

    @Test
    void anIdBeyondTheModelsIsRefused() {
        String refusal = "the token 195 (\uFFFD) is beyond the 128 of the model's vocabulary";
        assertEquals(refusal, refusal(() -> ascii.encode("\u00e4")));
        assertEquals(
                refusal, refusal(() -> ascii.encodeBytes(new byte[] {(byte) 195, (byte) 164})));
        assertEquals(refusal, refusal(() -> ascii.decode(195)));
        assertEquals(refusal, refusal(() -> ascii.withSpecialTokens().encode("\u00e4")));
    }

    private static String refusal(Runnable use) {
        return assertThrows(InvalidInput.class, use::run).getMessage();
    }

    @Test
    void anEndBeyondTheModelsIsNone() {
        assertEquals(OptionalInt.empty(), ascii.endOfText());
        assertEquals(OptionalInt.empty(), ascii.beginningOfText());
    }

    @Test
    void whatStandsAroundAPromptIsKeptAndChecked() {
        assertArrayEquals(
                new int[] {7, 'h'}, new FittedTokenizer(new FramedTokenizer(7), 128).asPrompt('h'));
        assertEquals(
                "the token 200 (\uFFFD) is beyond the 128 of the model's vocabulary",
                refusal(() -> new FittedTokenizer(new FramedTokenizer(200), 128).asPrompt('h')));
    }
}
