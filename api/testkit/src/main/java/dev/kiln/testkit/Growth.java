package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.function.IntConsumer;

/**
 * How the time of some work grows with its size. The fastest of a few tries counts, several rounds
 * are given, and work of less than a millisecond is free, so that a busy machine breaks no clause.
 */
final class Growth {
    private static final int TRIES = 3;
    private static final int ROUNDS = 6;
    private static final long FREE = 1_000_000;

    private Growth() {}

    /**
     * Fails when work of {@code factor · size} takes more than {@code bound} times as long as work of
     * {@code size}.
     */
    static void atMost(double bound, String clause, int size, int factor, IntConsumer work) {
        double least = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            long small = fastest(work, size);
            long large = fastest(work, factor * size);
            least = Math.min(least, (double) large / Math.max(small, FREE / factor));
            if (large < FREE || least <= bound) {
                return;
            }
        }
        fail(
                "broken clause: %s; %d times the size took %.0f times as long, at most %.0f is fine"
                        .formatted(clause, factor, least, bound));
    }

    /** As above, for work in proportion to its size: three times that much is fine. */
    static void linear(String clause, int size, int factor, IntConsumer work) {
        atMost(3 * factor, clause, size, factor, work);
    }

    private static long fastest(IntConsumer work, int size) {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            work.accept(size);
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return fastest;
    }
}
