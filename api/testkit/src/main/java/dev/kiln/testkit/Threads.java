package dev.kiln.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which threads there were, to see which are left. Daemons don't count: they end with the JVM. */
record Threads(Set<Thread> before) {
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    static Threads now() {
        return new Threads(new HashSet<>(Thread.getAllStackTraces().keySet()));
    }

    /** Waits a little for those that are about to end. */
    boolean noneLeft() throws InterruptedException {
        long begin = System.nanoTime(); // a sleep is as long as a busy machine makes it
        while (System.nanoTime() - begin < PATIENCE_NANOS && !left().isEmpty()) {
            Thread.sleep(20);
        }
        return left().isEmpty();
    }

    List<String> left() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon() && thread.isAlive())
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .toList();
    }
}
