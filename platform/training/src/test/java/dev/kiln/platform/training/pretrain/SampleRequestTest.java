package dev.kiln.platform.training.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.platform.training.trainee.Trainee;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleRequestTest {
    @TempDir private Path folder;

    /** A token a letter, and none that ends a text. */
    private record Letters() implements Tokenizer {
        @Override
        public int vocabularySize() {
            return 128;
        }

        @Override
        public int[] encode(String text) {
            if (!text.matches("[a-z]*")) {
                throw new InvalidInput("'" + text + "' has other characters");
            }
            return text.chars().toArray();
        }

        @Override
        public byte[] decodeBytes(int... ids) {
            return new String(ids, 0, ids.length).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public boolean lossless() {
            return true;
        }

        @Override
        public OptionalInt endOfText() {
            return OptionalInt.empty();
        }

        @Override
        public void save(Path target) {}
    }

    private SampleRequest of(int maxTokens, List<String> stop, String... prompts) {
        return SampleRequest.of(
                new PretrainOptions.Samples(
                        Optional.empty(),
                        false,
                        maxTokens,
                        stop,
                        new FixedChoice<>("first", (logits, history, length, key) -> 0)),
                List.of(prompts),
                Trainee.Text.of(new Letters()),
                4,
                new FolderContext(1, folder));
    }

    private void assertRefused(String message, String... prompts) {
        assertEquals(
                message,
                assertThrows(InvalidInput.class, () -> of(2, List.of(), prompts)).getMessage());
    }

    @Test
    void promptsAreEncoded() {
        assertArrayEquals(new int[] {'a', 'b'}, of(2, List.of(), "ab").ids().getFirst());
    }

    @Test
    void promptsThatTokenizerOrContextCannotTakeAreRefusedByNumber() {
        assertRefused("samples.prompts: prompt 2: 'É' has other characters", "a", "É");
        assertRefused(
                "samples.prompts: prompt 2 has 5 tokens, the model's context holds 4",
                "a",
                "abcde");
        assertRefused(
                "samples.prompts: an empty prompt needs a token that texts begin or end with;"
                        + " neither the model's configs nor its tokenizer have one",
                "");
    }

    @Test
    void whereNothingIsWrittenNoPromptMatters() {
        assertEquals(List.of(), of(0, List.of(), "É").prompts());
    }

    @Test
    void anEmptyStopTextIsRefused() {
        assertEquals(
                "samples.stop: expected texts of at least one character, found ''",
                assertThrows(InvalidInput.class, () -> of(2, List.of("a", ""))).getMessage());
    }
}
