package dev.kiln.platform.tasks;

import dev.kiln.spi.evaluation.Metric;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How often a class was taken for another.
 *
 * @param counts [right][predicted]
 */
public record Confusion(long[][] counts) {

    public static Confusion of(int classes, int[] right, int[] predicted) {
        long[][] counts = new long[classes][classes];
        for (int n = 0; n < right.length; n++) {
            counts[right[n]][predicted[n]]++;
        }
        return new Confusion(counts);
    }

    /** A metric of labels; empty for those of other answers. */
    public Optional<Double> metric(Metric metric) {
        return switch (metric) {
            case ACCURACY -> Optional.of(accuracy());
            case F1 -> Optional.of(f1());
            case MATTHEWS -> Optional.of(matthews());
            case PEARSON, SPEARMAN, EXACT_MATCH, PERPLEXITY -> Optional.empty();
        };
    }

    private long all() {
        return classes().mapToLong(this::right).sum();
    }

    private IntStream classes() {
        return IntStream.range(0, counts.length);
    }

    private long right(int label) {
        return classes().mapToLong(other -> counts[label][other]).sum();
    }

    private long predicted(int label) {
        return classes().mapToLong(other -> counts[other][label]).sum();
    }

    private long hits() {
        return classes().mapToLong(label -> counts[label][label]).sum();
    }

    /** Share of right predictions. */
    public double accuracy() {
        return (double) hits() / all();
    }

    private double f1() {
        return counts.length == 2 ? f1(1) : classes().mapToDouble(this::f1).average().orElseThrow();
    }

    /** 0 where the class neither is nor was predicted. */
    private double f1(int label) {
        long both = right(label) + predicted(label);
        return both == 0 ? 0 : 2.0 * counts[label][label] / both;
    }

    /** Of any number of classes (Gorodkin, 2004); 0 where one side is all of one class. */
    private double matthews() {
        double n = all();
        double covariance =
                n * hits() - classes().mapToDouble(k -> (double) right(k) * predicted(k)).sum();
        double ofRight = n * n - classes().mapToDouble(k -> square(right(k))).sum();
        double ofPredicted = n * n - classes().mapToDouble(k -> square(predicted(k))).sum();
        double product = ofRight * ofPredicted;
        return product == 0 ? 0 : covariance / Math.sqrt(product);
    }

    private static double square(long x) {
        return (double) x * x;
    }
}
