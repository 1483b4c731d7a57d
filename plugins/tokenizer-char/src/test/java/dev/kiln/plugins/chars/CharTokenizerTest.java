package dev.kiln.plugins.chars;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.testkit.TokenizerContract;
import dev.kiln.testkit.fixtures.FolderContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class CharTokenizerTest extends TokenizerContract {
    private static final CharTokenizerFactory FACTORY = new CharTokenizerFactory();
    private static final String ALPHABET =
            "abcdefghijklmnopqrstuvwxyz HIDW,.'!0123456789()\n\tüßé\ud83d\ude00";

    @Override
    protected Tokenizer tokenizer() {
        return learned("", ALPHABET);
    }

    @Override
    protected TokenizerFactory<?> factory() {
        return FACTORY;
    }

    @Override
    protected boolean accepts(String text) {
        return text.codePoints().allMatch(symbol -> ALPHABET.indexOf(symbol) >= 0);
    }

    private static Tokenizer learned(String also, String... documents) {
        return FACTORY.create(
                new CharOptions(also), new FolderContext(1, Path.of(""), List.of(documents)));
    }

    @Test
    void theVocabularyIsTheSortedCharactersOfAllTrainingDocuments() {
        Tokenizer tokenizer = learned("", "to be", "or not", "\ud83c\udf75\uffee");
        assertEquals(" benort\uffee\ud83c\udf75", tokenizer.decode(0, 1, 2, 3, 4, 5, 6, 7, 8));
        assertEquals(9, tokenizer.vocabularySize());
        assertArrayEquals(new int[] {8, 6, 7}, tokenizer.encode("\ud83c\udf75t\uffee"));
        assertTrue(tokenizer.endOfText().isEmpty());
    }

    @Test
    void anUnknownCharacterIsNamedWithItsPlaceAndTheWayOut() {
        Tokenizer tokenizer = learned("", "abc\ud83c\udf75");
        assertEquals(
                "character 3 of the text is 'é' (U+00E9), which is not among the 4 characters of the"
                        + " training text; add it to the tokenizer's option 'also', or use the"
                        + " tokenizer 'bpe'",
                refusal(() -> tokenizer.encode("a\ud83c\udf75é")));
        assertEquals(
                "character 1 of the text is U+000A",
                refusal(() -> tokenizer.encode("\n")).replaceAll(",.*", ""));
    }

    /** A corpus of which one document is held out. */
    private record HoldingOut(Context run, String heldOut) implements Context {
        @Override
        public long seed() {
            return run.seed();
        }

        @Override
        public Path resolve(String path) {
            return run.resolve(path);
        }

        @Override
        public Path runFolder() {
            return run.runFolder();
        }

        @Override
        public Stream<String> trainingDocuments() {
            return run.trainingDocuments();
        }

        @Override
        public Stream<String> heldOutDocuments() {
            return Stream.of(heldOut);
        }
    }

    @Test
    void charactersOfWhatIsHeldOutAreInTheVocabulary() {
        Context run = new FolderContext(1, Path.of(""), List.of("number 1", "number 3"));
        Tokenizer tokenizer = FACTORY.create(new CharOptions(""), new HoldingOut(run, "number 2"));
        assertEquals(" 123bemnru", tokenizer.decode(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    }

    @Test
    void charactersThatTheTrainingTextLacksCanBeAdded() {
        Tokenizer tokenizer = learned("éa", "abc");
        assertArrayEquals(new int[] {0, 3}, tokenizer.encode("aé"));
        assertEquals(4, tokenizer.vocabularySize());
    }

    @Test
    void anUnpairedSurrogateIsRefused() {
        assertEquals(
                "character 2 of a training text is U+D800, an unpaired surrogate",
                refusal(() -> learned("", "a\ud800b")));
    }

    @Test
    void anEmptyCorpusIsInvalidInput() {
        assertEquals(
                "cannot learn a char tokenizer: the training text is empty",
                refusal(() -> learned("abc", "")));
    }

    @Test
    void aBrokenFileIsNamed(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("characters.txt");
        Files.writeString(file, "");
        assertEquals(
                file + ": empty; expected a tokenizer's characters",
                refusal(() -> FACTORY.load(folder)));
        Files.writeString(file, "acb");
        assertEquals(
                file
                        + ": expected each character once, in Unicode's order; character 3 is 'b'"
                        + " (U+0062)",
                refusal(() -> FACTORY.load(folder)));
        Files.write(file, new byte[] {'a', (byte) 0xff});
        assertEquals(file + ": not UTF-8", refusal(() -> FACTORY.load(folder)));
    }

    private static String refusal(Executable action) {
        return assertThrows(InvalidInput.class, action).getMessage();
    }
}
