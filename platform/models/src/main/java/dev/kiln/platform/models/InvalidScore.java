package dev.kiln.platform.models;

import dev.kiln.spi.InvalidInput;

/**
 * A model's score is no number, so nothing is chosen, saved or reported by it. Whoever takes scores
 * from a model checks them here.
 *
 * <p>NaN and positive infinity are no scores. Negative infinity is one, of what can't come next; not
 * where all have it.
 */
public final class InvalidScore extends InvalidInput {
    private static final long serialVersionUID = 1L;
    private static final int NONE = -1;

    private final int sequence;
    private final String problem;

    private InvalidScore(String place, int sequence, String problem) {
        super(place + ": " + problem);
        this.sequence = sequence;
        this.problem = problem;
    }

    private InvalidScore(int sequence, String problem) {
        this("prompt " + (sequence + 1), sequence, problem);
    }

    /** Place of the sequence among those that were given, from 0 on; 0 where there is only one. */
    public int sequence() {
        return sequence;
    }

    /** What is no number, without the name of the sequence. */
    public String problem() {
        return problem;
    }

    /** The same, of a prompt that has another place among those that were given. */
    public InvalidScore of(int prompt) {
        return new InvalidScore(prompt, problem);
    }

    /**
     * Checks {@code logits[from, from + vocabulary)}, which say what comes next.
     *
     * @param sequence place of the prompt among those that were given, from 0 on
     * @param length tokens that were read of it
     * @throws InvalidScore that names the prompt, the place and the token
     */
    public static void requireLogits(
            float[] logits, int from, int vocabulary, int sequence, int length) {
        int token = firstInvalid(logits, from, vocabulary);
        if (token != NONE) {
            throw new InvalidScore(
                    sequence,
                    "after "
                            + length
                            + " tokens the model's logit of token "
                            + token
                            + is(logits[from + token]));
        }
    }

    /**
     * Checks what a head says of an example.
     *
     * @param scores of all classes
     * @throws InvalidScore that names the example and the class
     */
    public static void requireClasses(float[] scores, String example) {
        int label = firstInvalid(scores, 0, scores.length);
        if (label != NONE) {
            throw new InvalidScore(
                    "example " + example,
                    0,
                    "the model's score of class " + label + is(scores[label]));
        }
    }

    /**
     * A loss that is not finite, as the mean of all would be.
     *
     * @param token what messages call it
     */
    public static InvalidScore ofLoss(float loss, String token) {
        return new InvalidScore(token, 0, "the model's loss" + is(loss));
    }

    /** The first that is no score; of scores that are all negative infinity, the first. */
    private static int firstInvalid(float[] scores, int from, int count) {
        if (allFinite(scores, from, count)) {
            return NONE;
        }
        boolean any = false;
        for (int i = 0; i < count; i++) {
            float score = scores[from + i];
            if (!(score < Float.POSITIVE_INFINITY)) {
                return i;
            }
            any |= score > Float.NEGATIVE_INFINITY;
        }
        return any ? NONE : 0;
    }

    /**
     * Zero times what is not finite is NaN. In sums that don't wait for each other, since every row of
     * logits is looked at: a third of the time of comparing each.
     */
    private static boolean allFinite(float[] scores, int from, int count) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int end = from + count;
        int i = from;
        for (; i + 4 <= end; i += 4) {
            a += scores[i] * 0;
            b += scores[i + 1] * 0;
            c += scores[i + 2] * 0;
            d += scores[i + 3] * 0;
        }
        for (; i < end; i++) {
            a += scores[i] * 0;
        }
        return a + b + c + d == 0;
    }

    private static String is(float score) {
        String all = score == Float.NEGATIVE_INFINITY ? " as all others are" : "";
        return " is " + score + all + "; expected a number";
    }
}
