package dev.kiln.plugins.listeners;

import java.util.Locale;

/**
 * An axis with ticks at round numbers.
 *
 * @param low its start
 * @param high its end
 * @param step between ticks: 1, 2 or 5 times a power of ten
 */
record Axis(double low, double high, double step) {

    /** An axis whose ends are ticks. */
    static Axis around(double low, double high, int ticks) {
        double step = niceStep(high - low, ticks);
        double start = Math.floor(low / step) * step;
        double end = Math.ceil(high / step) * step;
        return new Axis(start, end > start ? end : start + step, step);
    }

    /** An axis from 0 that ends with the data. */
    static Axis fromZero(double high, int ticks) {
        double end = high > 0 ? high : 1;
        return new Axis(0, end, niceStep(end, ticks));
    }

    private static double niceStep(double range, int ticks) {
        double rough = range > 0 ? range / ticks : 1;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        return power * (digit <= 1.5 ? 1 : digit <= 3.5 ? 2 : digit <= 7.5 ? 5 : 10);
    }

    /** Number of ticks. */
    int ticks() {
        return (int) Math.floor((high - low) / step * (1 + 1e-12) + 1e-9) + 1;
    }

    double tick(int index) {
        return low + index * step;
    }

    /** Where a value lies: 0 at the start, 1 at the end. */
    double share(double value) {
        return (value - low) / (high - low);
    }

    /** With as many decimals as the step has. */
    String plain(double value) {
        int decimals = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** {@code 0}, {@code 250 k}, {@code 1.5 M}. */
    static String count(double value) {
        String[] units = {"", " k", " M", " B", " T"};
        double scaled = value;
        int unit = 0;
        while (scaled >= 999.5 && unit < units.length - 1) {
            scaled /= 1000;
            unit++;
        }
        String digits = String.format(Locale.ROOT, scaled < 10 ? "%.2f" : "%.1f", scaled);
        return digits.replaceFirst("\\.?0+$", "") + units[unit];
    }
}
