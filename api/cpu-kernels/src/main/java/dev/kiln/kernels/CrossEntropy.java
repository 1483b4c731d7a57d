package dev.kiln.kernels;

/**
 * Softmax cross-entropy of one row of logits, whose length is a whole number of vectors; what fills
 * it up is -∞.
 */
final class CrossEntropy {
    /** Floats that are added up as floats before they go into a double. */
    private static final int BLOCK = 1024;

    private CrossEntropy() {}

    /** What is left where the logits were: as many elements of the type, or nothing of use. */
    enum Gradient {
        NONE,
        FLOAT32,
        BFLOAT16
    }

    /**
     * weight · -log softmax(logits)[target]; logits become its gradient, weight · (softmax - one
     * hot), if asked.
     */
    static float loss(long logits, int columns, int target, float weight, Gradient gradient) {
        float max = ScoreRows.max(logits, columns);
        float atTarget = Lanes.get(logits + 4L * target);
        double sum = 0;
        for (int j = 0; j < columns; j += BLOCK) {
            long at = logits + 4L * j;
            sum += Exponentials.exp(at, at, Math.min(BLOCK, columns - j), max, 1);
        }
        float factor = (float) (weight / sum);
        float slope = factor * Lanes.get(logits + 4L * target) - weight;
        switch (gradient) {
            case NONE -> {}
            case FLOAT32 -> {
                Arithmetic.scale(logits, logits, factor, columns / Lanes.COUNT);
                Lanes.set(logits + 4L * target, slope);
            }
            case BFLOAT16 -> {
                Bfloat16.narrow(logits, logits, factor, columns);
                Bfloat16.set(logits + 2L * target, slope);
            }
        }
        return (float) (weight * (Math.log(sum) + max - atTarget));
    }
}
