package dev.kiln.platform.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A measured figure and its 95 % interval by the percentile bootstrap (Efron, 1979): that of 95 % of
 * the samples that are drawn with replacement from the examples.
 */
public record Figure(String name, double value, double low, double high) {

    /**
     * The share of the examples of which something holds.
     *
     * @param samples as of {@link #of}
     */
    public static Figure share(String name, boolean[] holds, int samples, long seed) {
        return of(List.of(Measure.share(name, holds)), holds.length, samples, seed).getFirst();
    }

    /**
     * @param examples number of them, at least 1
     * @param samples number of bootstrap samples; 0 for no interval, whose ends are the value
     */
    static List<Figure> of(List<Measure> measures, int examples, int samples, long seed) {
        int[] all = IntStream.range(0, examples).toArray();
        double[][] drawn = new double[measures.size()][samples];
        SplittableRandom random = new SplittableRandom(seed);
        int[] indices = new int[examples];
        for (int s = 0; s < samples; s++) {
            Arrays.setAll(indices, i -> random.nextInt(examples));
            for (int m = 0; m < drawn.length; m++) {
                drawn[m][s] = measures.get(m).figure().of(indices);
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int m = 0; m < drawn.length; m++) {
            double value = measures.get(m).figure().of(all);
            Arrays.sort(drawn[m]);
            figures.add(
                    new Figure(
                            measures.get(m).name(),
                            value,
                            samples == 0 ? value : quantile(drawn[m], 0.025),
                            samples == 0 ? value : quantile(drawn[m], 0.975)));
        }
        return figures;
    }

    /** Between two values of a sorted sample, by how near each is. */
    static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
