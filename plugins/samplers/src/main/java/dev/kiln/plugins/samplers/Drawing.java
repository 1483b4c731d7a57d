package dev.kiln.plugins.samplers;

/** Draws an index in proportion to weights, which are 0 or above. */
final class Drawing {
    /** Weights that are added up first, so that most of them need no second look. */
    private static final int BLOCK = 256;

    private Drawing() {}

    static double total(float[] weights) {
        double total = 0;
        for (int from = 0; from < weights.length; from += BLOCK) {
            total += sum(weights, from);
        }
        return total;
    }

    /**
     * @param uniform in [0, 1)
     * @return an index whose weight is above 0
     * @throws IllegalArgumentException when a weight is not a number, or all are 0
     */
    static int draw(float[] weights, double uniform) {
        double total = total(weights);
        if (!(total > 0)) {
            throw new IllegalArgumentException("a token's probability is not a number");
        }
        double rest = uniform * total;
        int last = 0;
        for (int from = 0; from < weights.length; from += BLOCK) {
            double sum = sum(weights, from);
            if (sum > 0) {
                if (rest < sum) {
                    return inBlock(weights, from, rest);
                }
                last = from;
            }
            rest -= sum;
        }
        return inBlock(weights, last, rest); // Rounding left a crumb.
    }

    /** The last index that has a weight where rounding leaves a crumb. */
    private static int inBlock(float[] weights, int from, double rest) {
        int last = from;
        for (int i = from; i < end(weights, from); i++) {
            if (weights[i] > 0) {
                last = i;
                rest -= weights[i];
                if (rest < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    /** Of a block, in four sums: each addition waits for the one before it. */
    private static double sum(float[] weights, int from) {
        int end = end(weights, from);
        int fours = from + (end - from) / 4 * 4;
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        for (int i = from; i < fours; i += 4) {
            a += weights[i];
            b += weights[i + 1];
            c += weights[i + 2];
            d += weights[i + 3];
        }
        for (int i = fours; i < end; i++) {
            a += weights[i];
        }
        return (a + b) + (c + d);
    }

    private static int end(float[] weights, int from) {
        return Math.min(from + BLOCK, weights.length);
    }
}
