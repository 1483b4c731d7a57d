package dev.kiln.platform.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.evaluation.Metric;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Beside the formulas for two classes, worked by hand from the four counts. */
class ConfusionTest {
    /** 4 true positives, 1 false negative, 2 false positives, 3 true negatives. */
    private final Confusion two = new Confusion(new long[][] {{3, 2}, {1, 4}});

    private static void check(double expected, Confusion confusion, Metric metric) {
        assertEquals(expected, confusion.metric(metric).orElseThrow(), 1e-12, metric.name());
    }

    @Test
    void twoClasses() {
        check(0.7, two, Metric.ACCURACY);
        check(2 * 4 / (2 * 4 + 1 + 2.0), two, Metric.F1);
        check((4 * 3 - 2 * 1) / Math.sqrt(6 * 5 * 5 * 4), two, Metric.MATTHEWS);
        assertEquals(Optional.empty(), two.metric(Metric.PEARSON));
    }

    @Test
    void whereAllIsOneClassThereIsNoCorrelation() {
        check(0, Confusion.of(2, new int[] {0, 1, 1}, new int[] {1, 1, 1}), Metric.MATTHEWS);
    }

    @Test
    void threeClassesCountTheSameInF1() {
        Confusion three = Confusion.of(3, new int[] {0, 0, 1, 2}, new int[] {0, 1, 1, 1});
        check((2 / 3.0 + 2 / 4.0 + 0) / 3, three, Metric.F1);
        check(0.5, three, Metric.ACCURACY);
    }
}
