package dev.kiln.platform.comparison;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Multinomial naive Bayes over features that may occur more than once (Manning, Raghavan and Schütze,
 * 2008, chapter 13). Not thread-safe. */
final class NaiveBayes {
    private final int classes;
    private final Map<String, int[]> counts = new HashMap<>();
    private final long[] features;
    private final long[] examples;

    NaiveBayes(int classes) {
        this.classes = classes;
        features = new long[classes];
        examples = new long[classes];
    }

    void learn(List<String> example, int label) {
        for (String feature : example) {
            counts.computeIfAbsent(feature, _ -> new int[classes])[label]++;
        }
        features[label] += example.size();
        examples[label]++;
    }

    /**
     * The log-likelihood of each class with the example. Features that were never seen say nothing.
     *
     * @param smoothing what is added to every count, above 0
     */
    double[] scores(List<String> example, double smoothing) {
        double all = 0;
        for (long count : examples) {
            all += count;
        }
        double[] scores = new double[classes];
        for (int label = 0; label < classes; label++) {
            scores[label] = Math.log(examples[label] / all);
        }
        for (String feature : example) {
            int[] count = counts.getOrDefault(feature, new int[0]);
            for (int label = 0; label < count.length; label++) {
                scores[label] +=
                        Math.log(
                                (count[label] + smoothing)
                                        / (features[label] + smoothing * counts.size()));
            }
        }
        return scores;
    }
}
