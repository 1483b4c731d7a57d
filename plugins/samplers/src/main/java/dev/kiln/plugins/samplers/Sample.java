package dev.kiln.plugins.samplers;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.generation.Sampler;
import java.util.BitSet;

/**
 * Draws a token. The steps come in the order of Hugging Face's logits processors:
 *
 * <ol>
 *   <li>repetition penalty (Keskar et al., 2019, section 4.1): logits of tokens that came before
 *       are divided by it where positive and multiplied where negative;
 *   <li>temperature: all logits are divided by it;
 *   <li>top-k (Fan et al., 2018): tokens below the k-th highest logit are taken out, ties with it
 *       are kept;
 *   <li>top-p (Holtzman et al., 2020): of what is left, the fewest most probable tokens are kept
 *       that have at least this share of its probability; of equals, smaller ids first;
 *   <li>min-p (Nguyen et al., 2024): tokens below this share of the highest probability are taken
 *       out.
 * </ol>
 *
 * The most probable token is never taken out.
 */
record Sample(SampleOptions options) implements Sampler {

    @Override
    public int next(float[] logits, int[] history, int length, long key) {
        if (options.temperature() == 0) {
            penalize(logits, history, length);
            return Greedy.GREEDY.next(logits, history, length, key);
        }
        return draw(weights(logits, history, length), Randomness.uniform(key, 0));
    }

    /**
     * What each token's probability is in proportion to, [V]; 0 for those taken out.
     *
     * @param logits overwritten
     */
    double[] weights(float[] logits, int[] history, int length) {
        penalize(logits, history, length);
        float highest = logits[Greedy.GREEDY.next(logits, history, length, 0)];
        float threshold = topKThreshold(logits);
        double[] weights = new double[logits.length];
        for (int id = 0; id < logits.length; id++) {
            if (logits[id] >= threshold) {
                // Below or equal to 0 before the division, so that no temperature overflows.
                weights[id] = Math.exp((logits[id] - highest) / options.temperature());
            }
        }
        if (options.topP() < 1) {
            Nucleus.keep(options.topP(), logits, weights);
        }
        applyMinP(weights);
        return weights;
    }

    private void penalize(float[] logits, int[] history, int length) {
        if (options.repetitionPenalty() == 1) {
            return;
        }
        float penalty = (float) options.repetitionPenalty();
        BitSet seen = new BitSet(logits.length);
        for (int i = 0; i < length; i++) {
            int id = history[i];
            if (!seen.get(id)) {
                seen.set(id);
                logits[id] = logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty;
            }
        }
    }

    private float topKThreshold(float[] logits) {
        return options.topK() == 0 || options.topK() >= logits.length
                ? Float.NEGATIVE_INFINITY
                : Selection.kthHighest(logits.clone(), options.topK());
    }

    /** The highest weight is 1, so weights are shares of it already. */
    private void applyMinP(double[] weights) {
        if (options.minP() == 0) {
            return;
        }
        for (int id = 0; id < weights.length; id++) {
            if (weights[id] < options.minP()) {
                weights[id] = 0;
            }
        }
    }

    private static int draw(double[] weights, double uniform) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double rest = uniform * total;
        int last = -1;
        for (int id = 0; id < weights.length; id++) {
            if (weights[id] > 0) {
                last = id;
                rest -= weights[id];
                if (rest < 0) {
                    return id;
                }
            }
        }
        return last; // Rounding left a crumb.
    }
}
