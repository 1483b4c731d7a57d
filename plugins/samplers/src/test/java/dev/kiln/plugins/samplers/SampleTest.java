package dev.kiln.plugins.samplers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.generation.Sampler;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SampleTest {
    /** Logits of the probabilities 0.4, 0.3, 0.2, 0.1, in another order. */
    private static final double[] PROBABILITIES = {0.2, 0.4, 0.1, 0.3};

    @Test
    void withTheDefaultsEveryTokenHasItsProbability() {
        assertProbabilities(options(1, 0, 1, 0), 0.2, 0.4, 0.1, 0.3);
    }

    @Test
    void theTemperatureIsThePowerOfTheProbabilities() {
        // Squares: 0.04, 0.16, 0.01, 0.09; their sum is 0.3.
        assertProbabilities(options(0.5, 0, 1, 0), 4 / 30.0, 16 / 30.0, 1 / 30.0, 9 / 30.0);
    }

    @Test
    void topKKeepsTheMostProbable() {
        assertProbabilities(options(1, 2, 1, 0), 0, 4 / 7.0, 0, 3 / 7.0);
        assertProbabilities(options(1, 1, 1, 0), 0, 1, 0, 0);
        assertProbabilities(options(1, 9, 1, 0), 0.2, 0.4, 0.1, 0.3);
    }

    @Test
    void topPKeepsTheFewestThatReachIt() {
        assertProbabilities(options(1, 0, 0.65, 0), 0, 4 / 7.0, 0, 3 / 7.0);
        assertProbabilities(options(1, 0, 0.75, 0), 2 / 9.0, 4 / 9.0, 0, 3 / 9.0);
        assertProbabilities(options(1, 0, 0.35, 0), 0, 1, 0, 0);
        assertProbabilities(options(1, 0, 0, 0), 0, 1, 0, 0);
    }

    @Test
    void topPCountsWhatTopKLeft() {
        // After top-k 2 the first has 4/7 = 0.571.
        assertProbabilities(options(1, 2, 0.57, 0), 0, 1, 0, 0);
        assertProbabilities(options(1, 2, 0.58, 0), 0, 4 / 7.0, 0, 3 / 7.0);
    }

    @Test
    void minPIsAShareOfTheHighest() {
        assertProbabilities(options(1, 0, 1, 0.49), 2 / 9.0, 4 / 9.0, 0, 3 / 9.0);
        assertProbabilities(options(1, 0, 1, 1), 0, 1, 0, 0);
    }

    @Test
    void ofEqualsTheNucleusKeepsSmallerIdsFirst() {
        float[] weights = new float[4];
        new Sample(options(1, 0, 0.5, 0)).weigh(weights);
        assertArrayEquals(new float[] {1, 1, 0, 0}, weights);
    }

    @Test
    void thePenaltyDividesPositiveAndMultipliesNegativeLogitsOnce() {
        float[] logits = {2, -2, 2, -2};
        new Sample(new SampleOptions(1, 0, 1, 0, 2)).penalize(logits, new int[] {0, 1, 1, 0, 3}, 4);
        assertArrayEquals(new float[] {1, -4, 2, -2}, logits);
    }

    @Test
    void temperatureZeroIsGreedyAfterThePenalty() {
        Sampler sampler = new Sample(new SampleOptions(0, 0, 1, 0, 4));
        assertEquals(1, sampler.next(new float[] {3, 2, 1}, new int[] {0}, 1, 7));
    }

    @Test
    void aTinyTemperatureDoesNotOverflow() {
        float[] weights = {1e30f, -1e30f, 1e30f};
        new Sample(options(1e-300, 0, 1, 0)).weigh(weights);
        assertArrayEquals(new float[] {1, 0, 1}, weights);
    }

    @Test
    void drawsFollowTheProbabilities() {
        Sampler sampler = new Sample(options(1, 0, 1, 0));
        int draws = 100_000;
        int[] counts = new int[4];
        for (int i = 0; i < draws; i++) {
            counts[sampler.next(logits(), new int[0], 0, Randomness.key(11, i))]++;
        }
        double chiSquare = 0;
        for (int id = 0; id < 4; id++) {
            double expected = PROBABILITIES[id] * draws;
            chiSquare += Math.pow(counts[id] - expected, 2) / expected;
        }
        // The 99.9 % point of chi-square with 3 degrees of freedom.
        assertTrue(chiSquare < 16.27, "chi-square " + chiSquare);
    }

    @Test
    void everyProbabilityIsThatOfHuggingFace() throws IOException, URISyntaxException {
        Path fixture = Path.of(SampleTest.class.getResource("/transformers-samplers.txt").toURI());
        List<String> lines = Files.readAllLines(fixture);
        for (int i = 1; i < lines.size(); i += 3) {
            double[] o = numbers(lines.get(i));
            int[] history =
                    Arrays.stream(numbers(lines.get(i + 1))).mapToInt(x -> (int) x).toArray();
            Sample sample = new Sample(new SampleOptions(o[0], (int) o[1], o[2], o[3], o[4]));
            float[] weights = floats(lines.get(0));
            sample.penalize(weights, history, history.length);
            sample.weigh(weights);
            assertArrayEquals(numbers(lines.get(i + 2)), normalized(weights), 1e-6, lines.get(i));
        }
    }

    @Test
    void selectionFindsWhatSortingFinds() {
        for (int size : new int[] {1, 2, 3, 7, 64, 1001}) {
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                // With ties, and on both sides of zero.
                values[i] = (Randomness.below(size, i, 1 + size / 2) - size / 4) / 3f;
            }
            float[] sorted = values.clone();
            Arrays.sort(sorted);
            for (int k = 1; k <= size; k++) {
                assertEquals(sorted[size - k], Selection.ofCount(values, k));
            }
        }
    }

    @Test
    void theNucleusIsWhatSortingFinds() {
        for (int size : new int[] {1, 2, 7, 300, 1500}) {
            float[] weights = new float[size];
            for (int i = 0; i < size; i++) {
                weights[i] = (1 + Randomness.below(size, i, size)) / 1024f; // sums are exact
            }
            weights[size / 2] = 8;
            float[] sorted = weights.clone();
            Arrays.sort(sorted);
            double sum = 0;
            for (int n = 1; n <= size; n++) {
                sum += sorted[size - n];
                Selection.Cut cut = Selection.ofSum(weights, size, sum - 1 / 2048.0);
                assertEquals(sorted[size - n], cut.lowest());
                assertEquals(sumAbove(sorted, cut.lowest()), cut.above());
            }
        }
    }

    private static double sumAbove(float[] weights, float lowest) {
        return IntStream.range(0, weights.length)
                .mapToDouble(i -> weights[i])
                .filter(weight -> weight > lowest)
                .sum();
    }

    /** Against Java's own, to which 1 ulp is allowed. */
    @Test
    void exponentialsAreThoseOfMath() {
        float[] x = new float[100_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = -i / 900f;
        }
        float[] exponentials = x.clone();
        Exponentials.replace(exponentials, 0, 0.5);
        for (int i = 0; i < x.length; i++) {
            double expected = Math.exp(2.0 * x[i]);
            double tolerance = Math.max(1e-7 * expected, 1e-18);
            assertEquals(expected, exponentials[i], tolerance, "exp of " + 2 * x[i]);
        }
        assertEquals(1, exponentials[0]);
    }

    @Test
    void aLogitThatIsNotANumberIsRefused() {
        float[] logits = {1, Float.NaN, 2};
        Sampler sampler = new Sample(options(1, 0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> sampler.next(logits, new int[0], 0, 1));
    }

    private static void assertProbabilities(SampleOptions options, double... expected) {
        float[] weights = logits();
        new Sample(options).weigh(weights);
        assertArrayEquals(expected, normalized(weights), 1e-7);
    }

    private static SampleOptions options(double temperature, int topK, double topP, double minP) {
        return new SampleOptions(temperature, topK, topP, minP, 1);
    }

    private static float[] logits() {
        float[] logits = new float[4];
        for (int i = 0; i < 4; i++) {
            logits[i] = (float) Math.log(PROBABILITIES[i]);
        }
        return logits;
    }

    private static double[] normalized(float[] weights) {
        double total = Drawing.total(weights);
        return IntStream.range(0, weights.length).mapToDouble(i -> weights[i] / total).toArray();
    }

    private static double[] numbers(String line) {
        return Stream.of(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    private static float[] floats(String line) {
        double[] values = numbers(line);
        float[] floats = new float[values.length];
        IntStream.range(0, floats.length).forEach(i -> floats[i] = (float) values[i]);
        return floats;
    }
}
