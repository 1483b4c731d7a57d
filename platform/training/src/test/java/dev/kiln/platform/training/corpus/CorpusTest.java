package dev.kiln.platform.training.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.platform.training.Sources;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Mixture;
import dev.kiln.spi.data.Order;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
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
        corpus.parts().getFirst().train().copy(0, ids, 0, 5);
        assertArrayEquals(new int[] {'a', 'b', 256, 'c', 256}, ids);
        assertEquals(2, corpus.parts().getFirst().heldOut().size());
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

    private static Mixture mixture(DataSource first, DataSource second) {
        return new Mixture(
                List.of(new Mixture.Part("a", first, 3), new Mixture.Part("b", second, 1)));
    }

    private static Sources.Texts texts(String... train) {
        return new Sources.Texts(List.of(train), List.of("xy"), Order.SEQUENTIAL);
    }

    private static String refusal(Mixture mixture) {
        return assertThrows(InvalidInput.class, () -> Corpus.read(mixture, new ByteTokenizer(), 4))
                .getMessage();
    }

    @Test
    void theSharesOfAMixtureAddToOne() {
        Corpus corpus =
                Corpus.read(mixture(texts("abcdef"), texts("ghijkl")), new ByteTokenizer(), 4);
        assertEquals(List.of("a", "b"), corpus.parts().stream().map(Corpus.Part::name).toList());
        assertEquals(List.of(0.75, 0.25), corpus.parts().stream().map(Corpus.Part::share).toList());
    }

    @Test
    void theDocumentsOfEachPartArePackedIntoFullContexts() {
        Corpus corpus =
                Corpus.read(
                        mixture(texts("ab", "c", "def"), texts("gh", "ij", "klm")),
                        new ByteTokenizer(),
                        4);
        MixedWindows windows = new MixedWindows(corpus, 4, 1);
        int[] window = new int[5];
        windows.copy(0, window, 0);
        assertArrayEquals(new int[] {'a', 'b', 256, 'c', 256}, window);
        windows.copy(2, window, 0);
        assertArrayEquals(new int[] {'g', 'h', 256, 'i', 'j'}, window);
    }

    @Test
    void aPartThatCannotBeTrainedOnIsNamed() {
        assertEquals(
                "'b' of the mixture: the corpus is empty: there is nothing to train on",
                refusal(mixture(texts("abcdef"), texts())));
        assertEquals(
                "'a' of the mixture: the training text has 3 tokens; one sequence of the model's"
                        + " context needs 5: give more text or a smaller model.context",
                refusal(mixture(texts("ab"), texts("abcdef"))));
    }

    @Test
    void anIdOfAPartThatIsNotInTheVocabularyIsNamedWithItsPart() {
        TokenBuffer ids = new TokenBuffer();
        ids.add(1, 2, 3, 300, 5);
        Mixture train = mixture(texts("abcdef"), new Sources.Ids(ids, Sources.counting(9)));
        Mixture heldOut = mixture(texts("abcdef"), new Sources.Ids(Sources.counting(9), ids));
        for (Mixture mixture : List.of(train, heldOut)) {
            assertEquals(
                    "'b' of the mixture: token 3 has the id 300, but the tokenizer's vocabulary ends"
                            + " at 256; was the file made with another tokenizer, or another dtype?",
                    refusal(mixture));
        }
    }

    @Test
    void anIdThatIsNotInTheVocabularyIsFoundBeforeTheFirstStepWhereverItStands() {
        for (int at : new int[] {0, 16_383, 16_384, 39_999}) {
            TokenBuffer ids = new TokenBuffer();
            ids.add(new int[at]);
            ids.add(257);
            ids.add(new int[40_000 - at]);
            String message =
                    assertThrows(InvalidInput.class, () -> CheckedTokens.read(ids, 257, ""))
                            .getMessage();
            String place = String.format(Locale.ROOT, "token %,d has the id 257,", at);
            assertTrue(message.startsWith(place), message);
        }
    }

    @Test
    void aTokenizerLearnsFromTheDocumentsOfAllPartsEachOnce() {
        Mixture mixture = mixture(texts("ab", "c"), texts("de"));
        Context context = new FolderContext(1, Path.of(""));
        try (Stream<String> documents = new CorpusContext(context, mixture).trainingDocuments()) {
            assertEquals(List.of("ab", "c", "de"), documents.toList());
        }
        try (Stream<String> documents = new CorpusContext(context, mixture).heldOutDocuments()) {
            assertEquals(List.of("xy", "xy"), documents.toList());
        }
    }

    @Test
    void aTokenizerCannotLearnFromAMixtureWithAPartOfTokens() {
        Sources.Ids ids = new Sources.Ids(Sources.counting(9), Sources.counting(9));
        Context context =
                new CorpusContext(new FolderContext(1, Path.of("")), mixture(texts("ab"), ids));
        assertThrows(
                InvalidInput.class,
                () -> {
                    try (Stream<String> documents = context.trainingDocuments()) {
                        documents.forEach(document -> {});
                    }
                });
    }

    @Test
    void aCorpusThatHoldsNothingOutSaysSo() {
        Corpus corpus = read(List.of("abcdef"), List.of(), 4);
        assertFalse(corpus.holdsOut());
        assertEquals(
                List.of(
                        "nothing is held out: there is no held-out loss, and the best checkpoint is"
                                + " the last one"),
                corpus.notices());
        assertEquals(List.of(), read(List.of("abcdef"), List.of("x"), 4).notices());
    }

    @Test
    void aPartThatHoldsNothingOutIsNamed() {
        Sources.Texts none = new Sources.Texts(List.of("abcdef"), List.of(), Order.SHUFFLED);
        Corpus corpus = Corpus.read(mixture(texts("abcdef"), none), new ByteTokenizer(), 4);
        assertTrue(corpus.holdsOut());
        assertEquals(List.of("'b' holds nothing out and is not measured"), corpus.notices());
    }
}
