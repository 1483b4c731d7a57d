package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.function.IntConsumer;

/**
 * How the computing time of some work grows with its size. The fastest of a few tries counts, several
 * rounds are given, and work of less than a millisecond is free, so that a busy machine breaks no
 * clause. Work that takes long is tried once.
 */
final class Growth {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int TRIES = 3;
    private static final int ROUNDS = 6;
    private static final long FREE = 1_000_000;
    private static final long LONG = 100_000_000;

    private Growth() {}

    /**
     * Fails when work of {@code factor · size} takes more than {@code bound} times as long as work of
     * {@code size}.
     */
    static void atMost(double bound, String clause, int size, int factor, IntConsumer work) {
        long small = Long.MAX_VALUE;
        long large = Long.MAX_VALUE;
        long start = System.nanoTime();
        for (int round = 0; round < ROUNDS && System.nanoTime() - start < 10 * LONG; round++) {
            small = Math.min(small, fastest(work, size));
            large = Math.min(large, fastest(work, factor * size));
            small = Math.min(small, fastest(work, size)); // now compiled
            if (large < FREE || large <= bound * Math.max(small, FREE / factor)) {
                return;
            }
        }
        fail(
                String.format(
                        Locale.ROOT,
                        "broken clause: %s; %d times the size took %.0f times as long, at most %.0f is fine",
                        clause,
                        factor,
                        (double) large / small,
                        bound));
    }

    /** As above, for work in proportion to its size: four times that much is fine. */
    static void linear(String clause, int size, int factor, IntConsumer work) {
        atMost(4 * factor, clause, size, factor, work);
    }

    /** Nanoseconds that this thread computed, so that other programs don't count. */
    private static long clock() {
        return THREADS.isCurrentThreadCpuTimeSupported()
                ? THREADS.getCurrentThreadCpuTime()
                : System.nanoTime();
    }

    private static long fastest(IntConsumer work, int size) {
        long fastest = Long.MAX_VALUE;
        long first = System.nanoTime();
        for (int i = 0; i < TRIES && System.nanoTime() - first < LONG; i++) {
            long start = clock();
            work.accept(size);
            fastest = Math.min(fastest, clock() - start);
        }
        return fastest;
    }
}
