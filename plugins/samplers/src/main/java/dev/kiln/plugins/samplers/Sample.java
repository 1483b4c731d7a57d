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
        penalize(logits, history, length);
        if (options.temperature() == 0) {
            return Greedy.GREEDY.next(logits, history, length, key);
        }
        weigh(logits);
        return Drawing.draw(logits, Randomness.uniform(key, 0));
    }

    void penalize(float[] logits, int[] history, int length) {
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

    /**
     * Turns logits into what each token's probability is in proportion to, in place: 1 for the most
     * probable one, 0 for those taken out.
     */
    void weigh(float[] logits) {
        float highest = logits[Greedy.GREEDY.next(logits, new int[0], 0, 0)];
        if (options.topK() > 0 && options.topK() < logits.length) {
            float lowest = Selection.ofCount(logits, options.topK());
            takeOut(logits, lowest, Float.NEGATIVE_INFINITY);
        }
        Exponentials.replace(logits, highest, options.temperature());
        if (options.topP() < 1) {
            keepNucleus(logits);
        }
        if (options.minP() > 0) {
            takeOut(logits, options.minP(), 0);
        }
    }

    private static void takeOut(float[] values, double lowest, float replacement) {
        for (int id = 0; id < values.length; id++) {
            values[id] = values[id] < lowest ? replacement : values[id];
        }
    }

    private void keepNucleus(float[] weights) {
        double total = Drawing.total(weights);
        // All tokens below this have less than what is to spare together, so none of them is
        // inside.
        double least = (1 - options.topP()) * total / weights.length;
        float[] candidates = new float[weights.length + 1];
        int count = 0;
        for (float weight : weights) {
            candidates[count] = weight;
            count += weight >= least ? 1 : 0; // without a branch, which could not be predicted
        }
        // Without any share the most probable token is left.
        double enough = Math.max(options.topP() * total, Double.MIN_VALUE);
        Selection.Cut cut = Selection.ofSum(candidates, count, enough);
        takeOut(weights, cut.lowest(), 0);
        keepFirst(weights, cut, enough);
    }

    /** Of the tokens whose weight is the lowest that is kept, keeps as many as are needed. */
    private static void keepFirst(float[] weights, Selection.Cut cut, double enough) {
        double sum = cut.above();
        for (int id = 0; id < weights.length; id++) {
            if (weights[id] == cut.lowest()) {
                weights[id] = sum < enough ? cut.lowest() : 0;
                sum += cut.lowest();
            }
        }
    }
}
