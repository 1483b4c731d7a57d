package dev.kiln.testkit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same work on several threads, which all begin at once and do it a few times. */
final class Concurrently {
    private static final int THREADS = 4;
    private static final int TIMES = 4;

    private Concurrently() {}

    /** What the threads got, each time; an exception of one is thrown here as it was. */
    static <T> List<T> call(Callable<T> work) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Callable<List<T>>> all =
                    Collections.nCopies(
                            THREADS,
                            () -> {
                                start.await();
                                return repeated(work);
                            });
            List<T> results = new ArrayList<>();
            for (Future<List<T>> future : threads.invokeAll(all)) {
                results.addAll(result(future));
            }
            return results;
        }
    }

    private static <T> List<T> repeated(Callable<T> work) throws Exception {
        List<T> results = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            results.add(work.call());
        }
        return results;
    }

    private static <T> T result(Future<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new AssertionError("broken clause: thread-safe; a thread failed", e.getCause());
        }
    }
}
