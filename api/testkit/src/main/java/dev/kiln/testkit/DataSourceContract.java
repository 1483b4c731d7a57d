package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.Mixture;
import dev.kiln.spi.data.Split;
import dev.kiln.spi.data.TextSource;
import dev.kiln.spi.data.TokenSource;
import dev.kiln.spi.data.Tokens;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What every data source keeps: of text, of tokens and mixtures of them. Looks at the first ten
 * thousand documents, or a hundred thousand tokens. Subclass it in a plugin's tests. A failure names
 * the broken clause and the split.
 */
@Experimental
public abstract class DataSourceContract implements FactoryClauses {
    private static final int DOCUMENTS = 10_000;
    private static final int TOKENS = 100_000;

    /** The source to try: a new one at every call, on the same data. */
    protected abstract DataSource source();

    /** Whether a document may come again in the other split, as in text with repetitions. */
    protected boolean repeatsDocuments() {
        return false;
    }

    @Test
    void thereIsSomethingToLearnFrom() {
        for (DataSource part : parts(source())) {
            assertFalse(
                    contents(part, Split.TRAIN).isEmpty(),
                    "broken clause: the training split isn't empty");
        }
    }

    @Test
    void aSplitIsAlwaysTheSame() {
        DataSource source = source();
        for (Split split : Split.values()) {
            List<?> first = contents(source, split);
            assertIterableEquals(
                    first,
                    contents(source, split),
                    "broken clause: a split is always the same in the same order; " + split);
            assertIterableEquals(
                    first,
                    contents(source(), split),
                    "broken clause: the same options give the same split; " + split);
        }
    }

    @Test
    void theOrderAndThePromptsNeverChange() {
        DataSource source = source();
        assertEquals(source.order(), source.order(), "broken clause: order() never changes");
        assertEquals(source.prompts(), source().prompts(), "broken clause: prompts never change");
    }

    @Test
    void whatIsHeldOutIsNotLearned() {
        Assumptions.assumeFalse(repeatsDocuments(), "repeatsDocuments()");
        for (DataSource part : parts(source())) {
            if (part instanceof TextSource text) {
                Set<String> learned = new HashSet<>(documents(text, Split.TRAIN));
                for (String heldOut : documents(text, Split.HELD_OUT)) {
                    assertFalse(
                            learned.contains(heldOut),
                            "broken clause: what is held out is not learned; \""
                                    + heldOut.substring(0, Math.min(60, heldOut.length()))
                                    + '"');
                }
            }
        }
    }

    @Test
    void threadsReadTheSame() throws Exception {
        DataSource source = source();
        List<?> alone = contents(source, Split.TRAIN);
        for (List<?> each : Concurrently.call(() -> contents(source, Split.TRAIN))) {
            assertIterableEquals(alone, each, "broken clause: thread-safe");
        }
    }

    @Test
    void readingMayEndEarly() {
        for (DataSource part : parts(source())) {
            if (part instanceof TextSource text) {
                List<String> all = documents(text, Split.TRAIN);
                try (Stream<String> documents = text.documents(Split.TRAIN)) {
                    assertEquals(
                            all.stream().findFirst(),
                            documents.findFirst(),
                            "broken clause: a reader may stop after the first document");
                }
            }
        }
    }

    @Test
    void tokensAreCopiedFromAnywhere() {
        for (DataSource part : parts(source())) {
            if (part instanceof TokenSource source) {
                copiedFromAnywhere(source.tokens(Split.TRAIN));
            }
        }
    }

    private static void copiedFromAnywhere(Tokens tokens) {
        int size = (int) Math.min(TOKENS, tokens.size());
        int[] whole = new int[size];
        tokens.copy(0, whole, 0, size);
        assertTrue(
                IntStream.of(whole).allMatch(id -> id >= 0), "broken clause: an id is at least 0");
        int[] padded = new int[size + 2];
        padded[0] = -7;
        padded[size + 1] = -7;
        for (int from = 0; from < size; from += 1013) {
            tokens.copy(from, padded, 1 + from, Math.min(1013, size - from));
        }
        int[] expected = new int[size + 2];
        System.arraycopy(whole, 0, expected, 1, size);
        expected[0] = -7;
        expected[size + 1] = -7;
        assertArrayEquals(
                expected,
                padded,
                "broken clause: copy(from, out, offset, count) copies just these");
        for (long from : new long[] {-1, tokens.size()}) {
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> tokens.copy(from, new int[1], 0, 1),
                    "broken clause: tokens that are not there throw; from " + from);
        }
    }

    @Test
    void readingAgainCostsNoMore() {
        DataSource source = source();
        Growth.atMost(
                4,
                "reading again costs no more than reading",
                1,
                2,
                times -> {
                    for (int i = 0; i < times; i++) {
                        contents(source, Split.TRAIN);
                    }
                });
    }

    private static List<?> contents(DataSource source, Split split) {
        return switch (source) {
            case TextSource text -> documents(text, split);
            case TokenSource tokens -> ids(tokens.tokens(split));
            case Mixture mixture ->
                    mixture.parts().stream().map(part -> contents(part.source(), split)).toList();
        };
    }

    private static List<String> documents(TextSource source, Split split) {
        try (Stream<String> documents = source.documents(split)) {
            return documents.limit(DOCUMENTS).toList();
        }
    }

    private static List<Integer> ids(Tokens tokens) {
        int[] ids = new int[(int) Math.min(TOKENS, tokens.size())];
        tokens.copy(0, ids, 0, ids.length);
        List<Integer> list = new ArrayList<>();
        IntStream.of(ids).forEach(list::add);
        return list;
    }

    private static List<DataSource> parts(DataSource source) {
        return source instanceof Mixture mixture
                ? mixture.parts().stream().map(Mixture.Part::source).toList()
                : List.of(source);
    }
}
