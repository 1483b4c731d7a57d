package dev.kiln.plugins.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.testkit.TokenizerContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Gpt2TokenizerTest extends TokenizerContract {
    private static final Gpt2TokenizerFactory FACTORY = new Gpt2TokenizerFactory();
    private static final Tokenizer GPT2 = create();

    private static Tokenizer create() {
        try {
            return FACTORY.create(new NoOptions(), Fixture.corpus());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected Tokenizer tokenizer() {
        return GPT2;
    }

    @Override
    protected TokenizerFactory<?> factory() {
        return FACTORY;
    }

    @Test
    void idsAreThoseOfTiktoken() throws IOException {
        for (Fixture fixture : Fixture.read("gpt2-ids.jsonl")) {
            assertArrayEquals(fixture.ids(), GPT2.encode(fixture.text()), fixture.text());
        }
    }

    /** The texts of this fixture are hexadecimal; the ids are of Encoding._encode_bytes. */
    @Test
    void idsOfBytesThatAreNotUtf8AreThoseOfTiktoken() throws IOException {
        for (Fixture fixture : Fixture.read("gpt2-bytes.jsonl")) {
            byte[] bytes = HexFormat.of().parseHex(fixture.text());
            assertArrayEquals(fixture.ids(), GPT2.encodeBytes(bytes), fixture.text());
            assertArrayEquals(bytes, GPT2.decodeBytes(fixture.ids()), fixture.text());
        }
    }

    @Test
    void aMillionBytesThatAreNotUtf8TakeNoQuadraticTime() {
        byte[] bytes = new byte[1_000_000];
        new Random(1).nextBytes(bytes);
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertArrayEquals(bytes, GPT2.decodeBytes(GPT2.encodeBytes(bytes))));
    }

    @Test
    void idsAreThoseOfJtokkit() {
        Encoding r50k = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
        for (String text : texts()) {
            assertArrayEquals(r50k.encodeOrdinary(text).toArray(), GPT2.encode(text), text);
        }
    }

    /** The hash is that of OpenAI's vocab.bpe; tiktoken's openai_public.py checks its copy by it. */
    @Test
    void theMergesAreOpenAisFileByteForByte(@TempDir Path folder) throws Exception {
        GPT2.save(folder);
        byte[] merges = Files.readAllBytes(folder.resolve("merges.txt"));
        assertEquals(
                "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5",
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(merges)));
    }

    @Test
    void thereAre50257IdsAndTheLastEndsATextAndStandsForNothing() {
        assertEquals(50_257, GPT2.vocabularySize());
        assertEquals(50_256, GPT2.endOfText().getAsInt());
        assertEquals("ab", GPT2.decode(64, 50_256, 65));
    }

    @Test
    void anUnpairedSurrogateIsEncodedAsTheReplacementCharacter() {
        for (String text : new String[] {"\ud800", "a\udc00b", "\ud83c \udf75", "\ud800\ud800"}) {
            String replaced = text.replaceAll("[\\ud800-\\udfff]", "\ufffd");
            assertArrayEquals(GPT2.encode(replaced), GPT2.encode(text));
            assertEquals(replaced, GPT2.decode(GPT2.encode(text)));
        }
    }

    @Test
    void aWordOfAMillionSymbolsTakesNoQuadraticTime() {
        for (String symbols : new String[] {"abcdefgh", "aaaaaaaa", "        ", "11111111"}) {
            String word = symbols.repeat(125_000);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertEquals(word, GPT2.decode(GPT2.encode(word))));
        }
    }

    @Test
    void theSizeIsKnownBeforeThereIsATokenizer() {
        assertEquals(GPT2.vocabularySize(), FACTORY.vocabularySize(new NoOptions()).orElseThrow());
    }

    /** So that of the factories one answers: bpe, which loads these files too. */
    @Test
    void foldersOfItsKindAreLeftToBpe(@TempDir Path folder) throws IOException {
        GPT2.save(folder);
        assertFalse(FACTORY.recognizes(folder));
        assertTrue(new BpeTokenizerFactory().recognizes(folder));
        assertFalse(new Gpt1TokenizerFactory().recognizes(folder));
    }

    @Test
    void filesOfAnotherVocabularyAreRefused() {
        var refused = assertThrows(InvalidInput.class, () -> FACTORY.load(Fixture.path("trained")));
        assertEquals(
                Fixture.path("trained") + ": expected GPT-2's 50257 tokens, found 600",
                refused.getMessage());
    }
}
