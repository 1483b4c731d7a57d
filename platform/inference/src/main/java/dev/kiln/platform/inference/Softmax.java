package dev.kiln.platform.inference;

/**
 * What a row of logits says of all tokens.
 *
 * @param logSum logarithm of the sum of the logits' exponentials; finite when the logits are scores,
 *     see {@link dev.kiln.platform.models.InvalidScore}
 * @param likeliest the first of the highest
 */
public record Softmax(double logSum, int likeliest) {

    /** Of {@code count} logits from {@code offset} on. */
    public static Softmax of(float[] logits, int offset, int count) {
        int best = likeliest(logits, offset, count);
        float most = logits[offset + best];
        double sum = 0;
        for (int i = offset; i < offset + count; i++) {
            sum += Math.exp(logits[i] - most);
        }
        return new Softmax(most + Math.log(sum), best);
    }

    /** The first of the highest of some logits, from 0. */
    public static int likeliest(float[] logits, int offset, int count) {
        int best = offset;
        for (int i = offset + 1; i < offset + count; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best - offset;
    }
}
