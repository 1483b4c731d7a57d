package dev.kiln.platform.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of several rounds. Used by one thread. */
public final class Series {
    private final Map<String, Map<String, List<Double>>> rows = new LinkedHashMap<>();

    /** A figure over the rounds. The median of an even number is the mean of the two in the middle. */
    public record Spread(double median, double least, double most, List<Double> rounds) {
        static Spread of(List<Double> rounds) {
            double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            int n = sorted.length;
            double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
            return new Spread(median, sorted[0], sorted[n - 1], List.copyOf(rounds));
        }

        /** (most - least) / median. */
        public double relative() {
            return (most - least) / median;
        }
    }

    /** Runs a benchmark. */
    public static Series of(Benchmark benchmark, int rounds) {
        Series series = new Series();
        for (int i = 0; i < rounds; i++) {
            series.add(benchmark.round());
        }
        return series;
    }

    /** Adds what {@link Benchmark#round} gave. */
    public void add(Map<String, Map<String, Double>> round) {
        round.forEach(
                (row, figures) ->
                        figures.forEach(
                                (name, value) ->
                                        rows.computeIfAbsent(row, _ -> new LinkedHashMap<>())
                                                .computeIfAbsent(name, _ -> new ArrayList<>())
                                                .add(value)));
    }

    /** Each row's figures, in the order in which they came; at least one round was added. */
    public Map<String, Map<String, Spread>> spreads() {
        Map<String, Map<String, Spread>> spreads = new LinkedHashMap<>();
        rows.forEach(
                (row, figures) -> {
                    Map<String, Spread> own = new LinkedHashMap<>();
                    figures.forEach((name, values) -> own.put(name, Spread.of(values)));
                    spreads.put(row, own);
                });
        return spreads;
    }

    static double median(double... values) {
        return Spread.of(Arrays.stream(values).boxed().toList()).median();
    }
}
