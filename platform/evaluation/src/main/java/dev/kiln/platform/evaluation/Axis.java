package dev.kiln.platform.evaluation;

import java.util.Locale;
import java.util.stream.IntStream;

/**
 * An axis with round numbers at its ticks.
 *
 * @param first place of the lowest tick, in steps from 0
 * @param last place of the highest one
 */
record Axis(double step, int first, int last) {
    private static final int STEPS = 5;

    /** The axis with about five steps of 1, 2 or 5 times a power of ten that has both values. */
    static Axis of(double low, double high) {
        double rough = high > low ? (high - low) / STEPS : 1.0 / STEPS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step =
                power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
        int first = (int) Math.floor(low / step);
        return new Axis(step, first, Math.max(first + 1, (int) Math.ceil(high / step)));
    }

    double[] ticks() {
        return IntStream.rangeClosed(first, last).mapToDouble(i -> i * step).toArray();
    }

    /** Where a value is between the ends, of which the lower is 0 and the upper 1. */
    double share(double value) {
        return (value / step - first) / (last - first);
    }

    String label(double tick) {
        int digits = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%,." + digits + "f", tick);
    }
}
