package dev.kiln.testkit;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.Dropout;
import java.util.Arrays;
import java.util.stream.IntStream;

/** From one query's scores to its weights. */
final class AttentionWeights {
    private AttentionWeights() {}

    /** Log of the sum of exponentials, safe for scores of any size. */
    static double logSumExp(double[] scores) {
        double max = Arrays.stream(scores).max().orElseThrow();
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(score - max);
        }
        return max + Math.log(sum);
    }

    /** By the scores' differences alone: the logarithm of a sum is lost beside a huge score. */
    static double[] softmax(double[] scores) {
        double max = Arrays.stream(scores).max().orElseThrow();
        double sum = Arrays.stream(scores).map(score -> Math.exp(score - max)).sum();
        return Arrays.stream(scores).map(score -> Math.exp(score - max) / sum).toArray();
    }

    static void multiply(double[] to, double[] by) {
        for (int i = 0; i < to.length; i++) {
            to[i] *= by[i];
        }
    }

    /** The keys that a row shows, rising. */
    static int[] visible(AttentionLayout layout, int row) {
        return IntStream.range(0, layout.spans(row))
                .flatMap(span -> IntStream.range(layout.from(row, span), layout.to(row, span)))
                .toArray();
    }

    /** The factors of dropout for one query's visible keys. */
    static double[] dropout(
            Dropout dropout, Heads heads, int sequence, int head, int query, int[] visible) {
        long key = Randomness.key(dropout.key(), (long) sequence * heads.count() + head);
        return Arrays.stream(visible)
                .mapToDouble(j -> Elementwise.kept(dropout, key, query * heads.length() + j))
                .toArray();
    }
}
