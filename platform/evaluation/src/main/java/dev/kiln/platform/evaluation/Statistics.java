package dev.kiln.platform.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Figures of samples, which are given as indices into arrays of values. */
final class Statistics {
    private static final int BINS = 10;

    private Statistics() {}

    static double sum(double[] values, int[] indices) {
        double sum = 0;
        for (int i : indices) {
            sum += values[i];
        }
        return sum;
    }

    /** Pearson's correlation; 0 where one side is constant. */
    static double pearson(double[] x, double[] y, int[] indices) {
        double meanX = sum(x, indices) / indices.length;
        double meanY = sum(y, indices) / indices.length;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i : indices) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }
        return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy);
    }

    /** Spearman's correlation: Pearson's of the ranks, equals sharing the mean of theirs. */
    static double spearman(double[] x, double[] y, int[] indices) {
        int[] all = IntStream.range(0, indices.length).toArray();
        return pearson(ranks(x, indices), ranks(y, indices), all);
    }

    private static double[] ranks(double[] values, int[] indices) {
        Integer[] order = IntStream.range(0, indices.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[indices[i]]));
        double[] ranks = new double[order.length];
        for (int from = 0; from < order.length; ) {
            int to = from;
            while (to < order.length
                    && values[indices[order[to]]] == values[indices[order[from]]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to - 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    /**
     * Expected calibration error (Guo et al., 2017, equation 3): how far the share of right answers
     * is from the mean confidence, in ten bins of confidence (b/10, (b+1)/10].
     */
    static double calibrationError(double[] confidence, boolean[] right, int[] indices) {
        double[] gap = new double[BINS];
        for (int i : indices) {
            int bin = Math.clamp((int) Math.ceil(confidence[i] * BINS) - 1, 0, BINS - 1);
            gap[bin] += (right[i] ? 1 : 0) - confidence[i];
        }
        return Arrays.stream(gap).map(Math::abs).sum() / indices.length;
    }

    /** The share of e^value that the highest value has. */
    static double confidence(double[] values) {
        double most = Arrays.stream(values).max().orElseThrow();
        return 1 / Arrays.stream(values).map(value -> Math.exp(value - most)).sum();
    }

    /** The first of the highest. */
    static int highest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
