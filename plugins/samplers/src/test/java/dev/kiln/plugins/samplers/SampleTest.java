package dev.kiln.plugins.samplers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
        double[] weights = new Sample(options(1, 0, 0.5, 0)).weights(new float[4], new int[0], 0);
        assertArrayEquals(new double[] {1, 1, 0, 0}, weights);
    }

    @Test
    void thePenaltyDividesPositiveAndMultipliesNegativeLogitsOnce() {
        float[] logits = {2, -2, 2, -2};
        new Sample(new SampleOptions(1, 0, 1, 0, 2)).weights(logits, new int[] {0, 1, 1, 0, 3}, 4);
        assertArrayEquals(new float[] {1, -4, 2, -2}, logits);
    }

    @Test
    void temperatureZeroIsGreedyAfterThePenalty() {
        Sampler sampler = new Sample(new SampleOptions(0, 0, 1, 0, 4));
        assertEquals(1, sampler.next(new float[] {3, 2, 1}, new int[] {0}, 1, 7));
    }

    @Test
    void aTinyTemperatureDoesNotOverflow() {
        double[] weights =
                new Sample(options(1e-300, 0, 1, 0))
                        .weights(new float[] {1e30f, -1e30f, 1e30f}, new int[0], 0);
        assertArrayEquals(new double[] {1, 0, 1}, weights);
    }

    @Test
    void tokensThatAreMaskedAreNeverDrawn() {
        Sampler sampler = new Sample(options(100, 0, 1, 0));
        for (int key = 0; key < 1000; key++) {
            float[] logits = {Float.NEGATIVE_INFINITY, 0, Float.NEGATIVE_INFINITY, 1};
            assertEquals(1, sampler.next(logits, new int[0], 0, key) % 2);
        }
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
    void theSameKeyDrawsTheSameToken() {
        Sampler sampler = new Sample(options(1, 0, 0.9, 0));
        for (int key = 0; key < 100; key++) {
            assertEquals(
                    sampler.next(logits(), new int[0], 0, key),
                    sampler.next(logits(), new int[0], 0, key));
        }
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
            double[] weights = sample.weights(floats(lines.get(0)), history, history.length);
            assertArrayEquals(numbers(lines.get(i + 2)), normalized(weights), 1e-6, lines.get(i));
        }
    }

    @Test
    void selectionFindsWhatSortingFinds() {
        for (int size : new int[] {1, 2, 3, 7, 64, 1001}) {
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = Randomness.below(size, i, 1 + size / 2); // with ties
            }
            float[] sorted = values.clone();
            Arrays.sort(sorted);
            for (int k = 1; k <= size; k++) {
                assertEquals(sorted[size - k], Selection.kthHighest(values.clone(), k));
            }
        }
    }

    private static void assertProbabilities(SampleOptions options, double... expected) {
        double[] weights = new Sample(options).weights(logits(), new int[0], 0);
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

    private static double[] normalized(double[] weights) {
        double total = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / total).toArray();
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
