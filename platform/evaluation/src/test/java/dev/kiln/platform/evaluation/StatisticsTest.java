package dev.kiln.platform.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Figures worked out by hand, in each test's comment. */
class StatisticsTest {
    private static final int[] ALL = {0, 1, 2, 3, 4};
    private static final double[] X = {1, 2, 3, 4, 5};

    /** Deviations -2 -1 0 1 2 and -1 -2 1 0 2 (mean 3): 8 / √(10 · 10). */
    @Test
    void pearson() {
        assertEquals(0.8, Statistics.pearson(X, new double[] {2, 1, 4, 3, 5}, ALL), 1e-12);
        assertEquals(0, Statistics.pearson(X, new double[] {7, 7, 7, 7, 7}, ALL));
        assertEquals(1, Statistics.pearson(X, new double[] {2, 1, 4, 3, 5}, new int[] {1, 3}));
    }

    /** 1 - 6 Σd² / (n (n² - 1)) = 1 - 6 · 4 / 120 without ties. */
    @Test
    void spearman() {
        double[] y = {20, 10, 400, 300, 90_000};
        assertEquals(0.8, Statistics.spearman(X, y, ALL), 1e-12);
    }

    /** Ranks 0 1 2 3 4 and 0.5 0.5 2 3 4: covariance 9.5, variances 10 and 9.5. */
    @Test
    void equalValuesShareTheMeanOfTheirRanks() {
        double[] y = {1, 1, 2, 3, 4};
        assertEquals(9.5 / Math.sqrt(95), Statistics.spearman(X, y, ALL), 1e-12);
    }

    /** Bin (0.8, 0.9]: |1 - 1.7| of two; bin (0.5, 0.6]: |2 - 1.2| of two; (0.7 + 0.8) / 4. */
    @Test
    void calibrationError() {
        double[] confidence = {0.9, 0.8 + 1e-9, 0.6, 0.6};
        boolean[] right = {true, false, true, true};
        assertEquals(
                1.5 / 4,
                Statistics.calibrationError(confidence, right, new int[] {0, 1, 2, 3}),
                1e-8);
    }

    /** e^0 / (e^0 + e^-ln 3) = 3 / 4. */
    @Test
    void confidenceIsTheShareOfTheLikeliest() {
        assertEquals(0.75, Statistics.confidence(new double[] {-Math.log(3), 0}), 1e-12);
    }

    /** (ln 2 + ln 8) / 2 tokens = ln 4; / 4 words = ln 2. */
    @Test
    void perplexityIsByTokenWordAndByte() {
        double[] sums = {-Math.log(2), -Math.log(8)};
        int[] both = {0, 1};
        assertEquals(
                4, Measure.perplexity("token", sums, new double[] {1, 1}).figure().of(both), 1e-12);
        assertEquals(
                2, Measure.perplexity("word", sums, new double[] {1, 3}).figure().of(both), 1e-12);
    }

    /** Of a share p of n, the interval is near p ± 1.96 √(p (1 - p) / n), here 0.3 ± 0.0635. */
    @Test
    void theBootstrapsIntervalIsThatOfTheNormalApproximation() {
        double[] hits = IntStream.range(0, 200).mapToDouble(i -> i < 60 ? 1 : 0).toArray();
        List<Measure> measures = List.of(Measure.mean("accuracy", hits));
        Figure figure = Figure.of(measures, 200, 4000, 7).getFirst();
        assertEquals(0.3, figure.value(), 1e-12);
        assertEquals(0.3 - 0.0635, figure.low(), 0.01);
        assertEquals(0.3 + 0.0635, figure.high(), 0.01);
        assertEquals(figure, Figure.of(measures, 200, 4000, 7).getFirst());
    }

    @Test
    void withoutSamplesTheIntervalIsTheValue() {
        Figure figure = Figure.of(List.of(Measure.mean("m", X)), 5, 0, 1).getFirst();
        assertEquals(new Figure("m", 3, 3, 3), figure);
        assertTrue(figure.low() <= figure.value());
    }

    /** NumPy's default, linear: place 0.25 · 3 = 0.75 between 10 and 20. */
    @Test
    void quantilesLieBetweenTwoValues() {
        assertEquals(17.5, Figure.quantile(new double[] {10, 20, 30, 40}, 0.25), 1e-12);
    }
}
