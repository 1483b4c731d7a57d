package dev.kiln.platform.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Ticks chosen by hand. */
class AxisTest {
    @Test
    void ticksAreRoundAndHoldBothEnds() {
        Axis accuracy = Axis.of(0, 0.183);
        assertArrayEquals(new double[] {0, 0.05, 0.1, 0.15, 0.2}, accuracy.ticks(), 1e-12);
        assertEquals("0.15", accuracy.label(0.15));
        assertEquals(0.5, accuracy.share(0.1), 1e-12);
        Axis perplexity = Axis.of(0, 7_300);
        assertArrayEquals(new double[] {0, 2_000, 4_000, 6_000, 8_000}, perplexity.ticks(), 1e-9);
        assertEquals("6,000", perplexity.label(6_000));
        Axis correlation = Axis.of(-0.31, 0.62);
        assertArrayEquals(
                new double[] {-0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8}, correlation.ticks(), 1e-12);
    }

    @Test
    void oneValueHasAnAxisToo() {
        assertArrayEquals(new double[] {0, 0.2}, Axis.of(0, 0).ticks(), 1e-12);
    }
}
