package dev.kiln.plugins.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.testkit.TokenizerContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTokenizerTest extends TokenizerContract {
    private static final BpeTokenizerFactory FACTORY = new BpeTokenizerFactory();
    private static final Tokenizer TRAINED = train(600, 2);

    private static Tokenizer train(int vocabulary, int minimumFrequency) {
        try {
            return FACTORY.create(new BpeOptions(vocabulary, minimumFrequency), Fixture.corpus());
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
    void theMergesAreThoseThatHuggingFacesTrainerLearns(@TempDir Path folder) throws IOException {
        TRAINED.save(folder);
        assertEquals(
                Files.readString(Fixture.path("trained/merges.txt")),
                Files.readString(folder.resolve("merges.txt")));
    }

    @Test
    void idsAreThoseOfHuggingFacesTokenizer() throws IOException {
        Tokenizer loaded = FACTORY.load(Fixture.path("trained"));
        for (Fixture fixture : Fixture.read("trained-ids.jsonl")) {
            assertArrayEquals(fixture.ids(), loaded.encode(fixture.text()), fixture.text());
            assertArrayEquals(fixture.ids(), TRAINED.encode(fixture.text()), fixture.text());
        }
    }

    /** The folder that GPT2Tokenizer.save_pretrained writes: no vocab.json, no merges.txt. */
    @Test
    void aFolderThatTransformersSavedIsTheSameTokenizer() throws IOException {
        Path folder = Fixture.path("trained-saved");
        assertTrue(FACTORY.recognizes(folder));
        Tokenizer loaded = FACTORY.load(folder);
        assertEquals(600, loaded.vocabularySize());
        assertEquals(599, loaded.endOfText().orElseThrow());
        for (Fixture fixture : Fixture.read("trained-ids.jsonl")) {
            assertArrayEquals(fixture.ids(), loaded.encode(fixture.text()), fixture.text());
        }
    }

    @Test
    void whatIsAskedForIsTheMostThatThereCanBe() {
        var options = new BpeOptions(600, 2);
        assertEquals(600, FACTORY.vocabularySize(options).orElseThrow());
    }

    @Test
    void theOrderOfTheDocumentsDoesNotMatter(@TempDir Path folder) throws IOException {
        List<String> documents = new ArrayList<>(Fixture.corpus().trainingDocuments().toList());
        Collections.reverse(documents);
        FACTORY.create(new BpeOptions(600, 2), Fixture.corpus(documents)).save(folder);
        assertEquals(
                Files.readString(Fixture.path("trained/merges.txt")),
                Files.readString(folder.resolve("merges.txt")));
    }

    @Test
    void theSmallestVocabularyIsTheBytesAndTheEndOfText() {
        Tokenizer bytes = train(257, 2);
        assertEquals(257, bytes.vocabularySize());
        assertEquals(256, bytes.endOfText().getAsInt());
        assertEquals("Töpfer".length() + 1, bytes.encode("Töpfer").length);
    }

    @Test
    void pairsThatAreTooRareAreNotMerged() {
        Tokenizer tokenizer =
                FACTORY.create(new BpeOptions(4096, 3), Fixture.corpus(List.of("abab", "ab cd")));
        assertEquals(258, tokenizer.vocabularySize());
        assertEquals(3, tokenizer.encode("abcd").length);
    }

    @Test
    void anEmptyCorpusIsInvalidInput() {
        var refused =
                assertThrows(
                        InvalidInput.class,
                        () -> FACTORY.create(new BpeOptions(300, 2), Fixture.corpus(List.of(""))));
        assertEquals(
                "cannot train a bpe tokenizer: the training text is empty", refused.getMessage());
    }
}
