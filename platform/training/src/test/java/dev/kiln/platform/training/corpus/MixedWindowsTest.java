package dev.kiln.platform.training.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.kiln.platform.training.Sources;
import dev.kiln.spi.data.Mixture;
import dev.kiln.spi.data.Order;
import dev.kiln.spi.data.TokenSource;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MixedWindowsTest {
    private static final int LENGTH = 4;

    private static Corpus.Part part(String name, double share, int tokens, Order order) {
        TokenBuffer ids = Sources.counting(tokens);
        return new Corpus.Part(name, share, ids, ids, order);
    }

    private static List<Integer> starts(MixedWindows windows, long from, int count) {
        List<Integer> starts = new ArrayList<>();
        int[] window = new int[LENGTH + 1];
        for (long i = from; i < from + count; i++) {
            windows.copy(i, window, 0);
            starts.add(window[0]);
        }
        return starts;
    }

    @Test
    void eachPartGoesOnWhereItsLastSequenceEnded() {
        // Turns of shares 3/4 and 1/4 are 0 0 1 0, again and again.
        MixedWindows windows =
                new MixedWindows(
                        new Corpus(
                                List.of(
                                        part("a", 0.75, 101, Order.SEQUENTIAL),
                                        part("b", 0.25, 9, Order.SEQUENTIAL)),
                                List.of()),
                        LENGTH,
                        1);
        assertEquals(List.of(0, 4, 0, 8, 12, 16, 4, 20, 24, 28, 0, 32), starts(windows, 0, 12));
    }

    @Test
    void partsOfOneSizeAreShuffledDifferently() {
        MixedWindows windows =
                new MixedWindows(
                        new Corpus(
                                List.of(
                                        part("a", 0.5, 101, Order.SHUFFLED),
                                        part("b", 0.5, 101, Order.SHUFFLED)),
                                List.of()),
                        LENGTH,
                        1);
        List<Integer> starts = starts(windows, 0, 48);
        List<Integer> first = every(starts, 0);
        List<Integer> second = every(starts, 1);
        assertEquals(24, new HashSet<>(first).size());
        assertEquals(24, new HashSet<>(second).size());
        assertNotEquals(first, second);
    }

    private static List<Integer> every(List<Integer> starts, int first) {
        return IntStream.iterate(first, i -> i < starts.size(), i -> i + 2)
                .mapToObj(starts::get)
                .toList();
    }

    @Test
    void aCorpusThatIsNoMixtureIsReadAsByItsWindows() {
        Corpus corpus = new Corpus(List.of(part("", 1, 101, Order.SHUFFLED)), List.of());
        MixedWindows mixed = new MixedWindows(corpus, LENGTH, 9);
        Windows plain = new Windows(Sources.counting(101), LENGTH, Order.SHUFFLED, 9);
        int[] expected = new int[LENGTH + 1];
        int[] actual = new int[LENGTH + 1];
        for (int i = 0; i < 100; i++) {
            plain.copy(i, expected, 0);
            mixed.copy(i, actual, 0);
            assertArrayEquals(expected, actual);
        }
    }

    @Test
    void aSequenceDependsOnSeedAndPositionOnly() {
        Corpus corpus =
                new Corpus(
                        List.of(
                                part("a", 0.6, 101, Order.SHUFFLED),
                                part("b", 0.4, 30, Order.SHUFFLED)),
                        List.of());
        List<Integer> whole = starts(new MixedWindows(corpus, LENGTH, 9), 0, 300);
        for (int from : new int[] {299, 150, 3, 77, 0}) {
            MixedWindows resumed = new MixedWindows(corpus, LENGTH, 9);
            assertEquals(whole.subList(from, 300), starts(resumed, from, 300 - from));
        }
    }

    /**
     * Table 2.2 of Brown et al. (2020), a token here for 100,000 there: sizes in billions of tokens,
     * weights in percent, epochs at 300 billion tokens. The weights add to 101; two rows of the
     * table's epochs fit only each other's row (22 % of 300 are 3.5 times 19, not 2.9; 3 % of 300
     * are 3.0 times 3, not 3.4), so these two stand here exchanged. The table rounds its weights and
     * its epochs, so 5 % are allowed.
     */
    @Test
    void thePartsOfGpt3sMixtureAreReadAsOftenAsItsPaperSays() {
        int[] sizes = {410, 19, 12, 55, 3};
        double[] weights = {60, 22, 8, 8, 3};
        double[] epochs = {0.44, 3.4, 1.9, 0.43, 2.9};
        List<Mixture.Part> parts = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            TokenSource ids = constant(10_000L * sizes[i]);
            parts.add(new Mixture.Part("part " + i, ids, weights[i]));
        }
        Corpus corpus = Corpus.read(new Mixture(parts), new ByteTokenizer(), 100);
        MixedWindows windows = new MixedWindows(corpus, 100, 1);
        long sequences = 10_000L * 300 / 100;
        for (int i = 0; i < sizes.length; i++) {
            double exact = weights[i] / 101 * 300 / sizes[i];
            double read = windows.epochs(i, sequences);
            assertEquals(exact, read, 100.0 / (10_000L * sizes[i]), "by the weights: " + i);
            assertEquals(epochs[i], read, 0.05 * epochs[i], "by the paper: " + i);
        }
        assertEquals(0, windows.epochs(0, 0));
    }

    private static TokenSource constant(long size) {
        TokenBuffer ids = new TokenBuffer();
        ids.add(new int[Math.toIntExact(size)]);
        return new Sources.Ids(ids, ids);
    }
}
