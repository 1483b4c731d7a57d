package dev.kiln.plugins.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.testkit.TokenizerContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fixtures are of transformers' OpenAIGPTTokenizer; make_fixtures.py made them. */
class Gpt1TokenizerTest extends TokenizerContract {
    private static final Gpt1TokenizerFactory FACTORY = new Gpt1TokenizerFactory();
    private static final Tokenizer TRAINED = train();

    private static Tokenizer train() {
        try {
            return FACTORY.create(new Gpt1Options("", 550, 2), Fixture.corpus());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected Tokenizer tokenizer() {
        return TRAINED;
    }

    @Override
    protected TokenizerFactory<?> factory() {
        return FACTORY;
    }

    @Test
    void idsAndTextAreThoseOfTransformers() throws IOException {
        Tokenizer saved = FACTORY.load(Fixture.path("gpt1"));
        for (Fixture fixture : Fixture.read("gpt1-ids.jsonl")) {
            assertArrayEquals(fixture.ids(), saved.encode(fixture.text()), fixture.text());
            assertEquals(fixture.decoded(), saved.decode(fixture.ids()), fixture.text());
        }
    }

    /** The merges that a naive version of the algorithm in make_fixtures.py learns. */
    @Test
    void whatIsLearnedIsWhatTheFixturesLearned() throws IOException {
        assertEquals(550, TRAINED.vocabularySize());
        assertEquals(549, TRAINED.endOfText().orElseThrow());
        for (Fixture fixture : Fixture.read("gpt1-ids.jsonl")) {
            assertArrayEquals(fixture.ids(), TRAINED.encode(fixture.text()), fixture.text());
        }
    }

    @Test
    void openAisOwnFilesAreReadByTheirNames(@TempDir Path folder) throws IOException {
        TRAINED.save(folder);
        Files.delete(folder.resolve("tokenizer.json"));
        Files.move(folder.resolve("vocab.json"), folder.resolve("encoder_bpe_40000.json"));
        Files.move(folder.resolve("merges.txt"), folder.resolve("vocab_40000.bpe"));
        assertTrue(FACTORY.recognizes(folder));
        var options = new Gpt1Options(folder.toString(), 4096, 2);
        Tokenizer read = FACTORY.create(options, Fixture.corpus(List.of()));
        assertTrue(FACTORY.vocabularySize(options).isEmpty());
        for (Fixture fixture : Fixture.read("gpt1-ids.jsonl")) {
            assertArrayEquals(fixture.ids(), read.encode(fixture.text()), fixture.text());
        }
    }

    @Test
    void itsFoldersAreItsOwn(@TempDir Path folder) throws IOException {
        TRAINED.save(folder);
        for (Path its : List.of(folder, Fixture.path("gpt1"))) {
            assertTrue(FACTORY.recognizes(its));
            assertFalse(new BpeTokenizerFactory().recognizes(its));
        }
        Files.delete(folder.resolve("tokenizer.json"));
        assertTrue(FACTORY.recognizes(folder));
        assertFalse(new BpeTokenizerFactory().recognizes(folder));
        assertFalse(FACTORY.recognizes(Fixture.path("trained")));
        assertFalse(FACTORY.recognizes(Fixture.path("trained-saved")));
    }

    @Test
    void symbolsThatTheVocabularyLacksAreUnknown() {
        assertArrayEquals(new int[] {0, 0}, TRAINED.encode("\ua66e \u9f98"));
        assertEquals("", TRAINED.decode(0, 0));
    }

    @Test
    void ofTooManySymbolsTheMostFrequentAreKept() {
        var options = new Gpt1Options("", 4, 1);
        Tokenizer tiny = FACTORY.create(options, Fixture.corpus(List.of("b a a a", "b b b b c")));
        assertEquals(4, tiny.vocabularySize());
        assertArrayEquals(new int[] {1, 2, 0}, tiny.encode("a b c"));
        assertEquals(4, FACTORY.vocabularySize(options).orElseThrow());
    }

    @Test
    void aCorpusWithoutWordsIsInvalidInput() {
        var options = new Gpt1Options("", 300, 2);
        var blank = Fixture.corpus(List.of(" \n"));
        var refused = assertThrows(InvalidInput.class, () -> FACTORY.create(options, blank));
        assertEquals(
                "cannot train a gpt1 tokenizer: the training text has no words",
                refused.getMessage());
    }

    @Test
    void aVocabularyWithoutAnUnknownTokenIsRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("vocab.json"), "{\"a</w>\": 0}");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");
        var refused = assertThrows(InvalidInput.class, () -> FACTORY.load(folder));
        assertEquals(folder.resolve("vocab.json") + ": no token '<unk>'", refused.getMessage());
    }
}
