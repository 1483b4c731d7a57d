package dev.kiln.kernels;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads for short parallel loops. The caller is worker 0 and works too. Between
 * two loops a worker spins for a moment, because in a training step the next one comes within
 * microseconds, then sleeps. Used by one calling thread at a time.
 */
public final class Workers implements AutoCloseable {
    private static final long SPIN_NANOS = 100_000;

    /** What one worker does. */
    public interface Work {
        void run(int worker);
    }

    /** What is done for a range of items. */
    public interface Range {
        void run(int worker, int from, int to);
    }

    /** What is done for one item. */
    public interface Item {
        void run(int worker, int item);
    }

    private static final Work NOTHING = worker -> {};

    private final Thread[] threads;
    private final AtomicInteger[] asleep;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile int round;
    private volatile boolean closed;
    private volatile Thread waiting = Thread.currentThread();
    private Work work = NOTHING;

    /**
     * @param count number of workers, the caller included, at least 1
     */
    public Workers(int count) {
        threads = new Thread[count - 1];
        asleep = new AtomicInteger[count - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            asleep[i] = new AtomicInteger();
            threads[i] =
                    Thread.ofPlatform()
                            .daemon()
                            .name("kiln-worker-" + worker)
                            .start(() -> serve(worker));
        }
    }

    /** Number of workers, the caller included. */
    public int count() {
        return threads.length + 1;
    }

    /** Runs the work once on every worker and waits for all. */
    public void run(Work job) {
        if (threads.length == 0) {
            job.run(0);
            return;
        }
        start(job);
        try {
            job.run(0);
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }
        await();
        switch (failure.getAndSet(null)) {
            case null -> {}
            case RuntimeException mistake -> throw mistake;
            case Throwable thrown -> throw new IllegalStateException("a kernel failed", thrown);
        }
    }

    /**
     * Cuts [0, items) into one range a worker, always in the same way.
     *
     * @param grain items below which another worker isn't worth waking
     */
    public void split(int items, int grain, Range range) {
        int parts = Math.clamp(items / Math.max(1, grain), 1, count());
        if (parts == 1) {
            range.run(0, 0, items);
            return;
        }
        run(
                worker -> {
                    if (worker < parts) {
                        range.run(worker, cut(items, worker, parts), cut(items, worker + 1, parts));
                    }
                });
    }

    static int cut(int items, int part, int parts) {
        return (int) ((long) items * part / parts);
    }

    /** Hands out items as workers come for them; for items that do not depend on who does them. */
    public void each(int items, Item item) {
        if (items == 1) {
            item.run(0, 0);
            return;
        }
        next.set(0);
        run(
                worker -> {
                    for (int i = next.getAndIncrement(); i < items; i = next.getAndIncrement()) {
                        item.run(worker, i);
                    }
                });
    }

    private void start(Work job) {
        work = job;
        waiting = Thread.currentThread();
        running.set(threads.length);
        round++; // volatile: publishes the job
        for (int i = 0; i < threads.length; i++) {
            if (asleep[i].get() != 0) {
                LockSupport.unpark(threads[i]);
            }
        }
    }

    private void await() {
        long start = System.nanoTime();
        while (running.get() > 0) {
            if (System.nanoTime() - start < SPIN_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, SPIN_NANOS);
            }
        }
    }

    private void serve(int worker) {
        int seen = 0;
        while (true) {
            awaitRound(worker, seen);
            if (closed) {
                return;
            }
            seen++;
            try {
                work.run(worker);
            } catch (Throwable thrown) {
                failure.compareAndSet(null, thrown);
            }
            if (running.decrementAndGet() == 0) {
                LockSupport.unpark(waiting);
            }
        }
    }

    private void awaitRound(int worker, int seen) {
        long start = System.nanoTime();
        while (round == seen && System.nanoTime() - start < SPIN_NANOS) {
            Thread.onSpinWait();
        }
        if (round != seen) {
            return;
        }
        asleep[worker - 1].set(1);
        while (round == seen) {
            LockSupport.park(this);
        }
        asleep[worker - 1].set(0);
    }

    /** Ends the threads. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            start(NOTHING);
        }
    }
}
