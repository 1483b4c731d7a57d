package dev.kiln.kernels;

/**
 * Softmax cross-entropy of one row of logits, whose length is a whole number of vectors; what fills
 * it up is -∞.
 */
final class CrossEntropy {
    /** Floats that are added up as floats before they go into a double. */
    private static final int BLOCK = 1024;

    private CrossEntropy() {}

    /**
     * weight · -log softmax(logits)[target]; logits become its gradient, weight · (softmax - one
     * hot), or something useless where that isn't asked.
     */
    static float loss(long logits, int columns, int target, float weight, boolean gradient) {
        float max = ScoreRows.max(logits, columns);
        float atTarget = Lanes.get(logits + 4L * target);
        double sum = 0;
        for (int j = 0; j < columns; j += BLOCK) {
            long at = logits + 4L * j;
            sum += Exponentials.exp(at, at, Math.min(BLOCK, columns - j), 1, -max);
        }
        if (gradient) {
            Arithmetic.scale(logits, logits, (float) (weight / sum), columns / Lanes.COUNT);
            long place = logits + 4L * target;
            Lanes.set(place, Lanes.get(place) - weight);
        }
        return (float) (weight * (Math.log(sum) + max - atTarget));
    }
}
