package dev.kiln.platform.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is expected follows from lm-evaluation-harness's {@code _encode_pair} and {@code
 * get_rolling_token_windows}, worked out by hand for a tokenizer of bytes.
 */
class RequestEncoderTest {
    private final RequestEncoder encoder = new RequestEncoder(new ByteTokenizer(), 4);

    private static LikelihoodRequest request(List<Integer> context, List<Integer> continuation) {
        return new LikelihoodRequest(
                context.stream().mapToInt(i -> i).toArray(),
                continuation.stream().mapToInt(i -> i).toArray());
    }

    @Test
    void whitespaceAtTheContextsEndIsTheContinuations() {
        assertEquals(
                List.of(request(List.of(65), List.of(10, 32, 66))),
                encoder.continuations("A\n ", List.of("B")));
    }

    @Test
    void anEmptyContextIsTheEndOfTextToken() {
        assertEquals(
                List.of(request(List.of(256), List.of(66)), request(List.of(256), List.of(67, 68))),
                encoder.continuations("", List.of("B", "CD")));
    }

    /** The harness's own example is windows of max_seq_len with one token of context. */
    @Test
    void eachTokenOfADocumentIsPredictedOnceFromAsMuchAsFits() {
        List<LikelihoodRequest> windows = encoder.document("abcdefghij");
        assertEquals(
                List.of(
                        request(List.of(256), List.of(97, 98, 99, 100)),
                        request(List.of(100), List.of(101, 102, 103, 104)),
                        request(List.of(102, 103, 104), List.of(105, 106))),
                windows);
        windows.forEach(window -> assertEquals(5, window.length()));
    }

    @Test
    void aShortDocumentIsOneWindow() {
        assertEquals(List.of(request(List.of(256), List.of(97, 98))), encoder.document("ab"));
        assertEquals(List.of(), encoder.document(""));
    }

    @Test
    void aPromptLeavesRoomForWhatIsWritten() {
        assertArrayEquals(
                new int[] {99, 100}, encoder.prompt(encoder.tokenizer().encode("abcd"), 2));
        assertArrayEquals(new int[] {97}, encoder.prompt(encoder.tokenizer().encode("a"), 2));
    }

    @Test
    void anAnswerThatTheModelCannotReadIsRefused() {
        assertEquals(
                "an answer has 5 tokens, the model's context holds 4",
                assertThrows(InvalidInput.class, () -> encoder.continuations("A", List.of("abcde")))
                        .getMessage());
        assertEquals(
                "the answer '' has no tokens of its own",
                assertThrows(InvalidInput.class, () -> encoder.continuations("A", List.of("")))
                        .getMessage());
    }
}
