package dev.kiln.platform.comparison;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Multinomial naive Bayes over features that may occur more than once. Not thread-safe. */
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
     * The log-likelihood of each class with the example, up to a constant.
     *
     * @param smoothing what is added to every count, above 0
     */
    double[] scores(List<String> example, double smoothing) {
        double[] scores = new double[classes];
        for (int label = 0; label < classes; label++) {
            double all = features[label] + smoothing * (counts.size() + 1);
            scores[label] = Math.log(examples[label] + smoothing);
            for (String feature : example) {
                int[] count = counts.get(feature);
                scores[label] += Math.log(((count == null ? 0 : count[label]) + smoothing) / all);
            }
        }
        return scores;
    }
}
