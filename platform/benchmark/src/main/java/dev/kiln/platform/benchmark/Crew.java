package dev.kiln.platform.benchmark;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntConsumer;

/** Threads that do a piece of work each, at the same time. */
final class Crew {
    private Crew() {}

    /**
     * The best time of some rounds, in seconds: from when all threads stand ready until the last is
     * done.
     *
     * @param work is told the index of its thread
     */
    static double bestSeconds(int threads, int rounds, IntConsumer work) {
        long[] marks = new long[2 * rounds];
        int[] marked = {0};
        CyclicBarrier barrier =
                new CyclicBarrier(threads, () -> marks[marked[0]++] = System.nanoTime());
        Thread[] crew = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            int index = t;
            crew[t] = Thread.ofPlatform().start(() -> work(barrier, rounds, index, work));
        }
        double best = Double.MAX_VALUE;
        join(crew);
        for (int i = 0; i < rounds; i++) {
            best = Math.min(best, (marks[2 * i + 1] - marks[2 * i]) / 1e9);
        }
        return best;
    }

    private static void work(CyclicBarrier barrier, int rounds, int index, IntConsumer work) {
        try {
            for (int i = 0; i < rounds; i++) {
                barrier.await();
                work.accept(index);
                barrier.await();
            }
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void join(Thread[] crew) {
        try {
            for (Thread thread : crew) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
