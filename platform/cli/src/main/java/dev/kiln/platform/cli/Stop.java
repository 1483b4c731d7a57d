package dev.kiln.platform.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a signal (Ctrl-C, SIGTERM) end a run tidily: the run's thread is interrupted, and the process
 * waits for it a while.
 */
final class Stop {
    private static final int SECONDS = 30;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread run;
    private final Thread hook = new Thread(this::stop, "kiln-stop");
    private volatile boolean requested;

    /** Watches a run from now on. */
    Stop(Thread run) {
        this.run = run;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        requested = true;
        run.interrupt();
        try {
            boolean tidy = ended.await(SECONDS, TimeUnit.SECONDS);
            System.err.println(tidy ? "kiln: stopped" : "kiln: stopped while still at work");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether a signal came. */
    boolean requested() {
        return requested;
    }

    /** To be called when the run is over, however it ended. */
    void ended() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, which is what the hook is for.
        }
    }
}
