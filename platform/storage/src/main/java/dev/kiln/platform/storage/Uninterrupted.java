package dev.kiln.platform.storage;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Writes to the end though the thread is interrupted, which closes channels; the flag is kept. */
final class Uninterrupted {
    private Uninterrupted() {}

    /** Leaves a whole result, or nothing that is in the way when it begins anew. */
    @FunctionalInterface
    interface Writing {
        void run() throws IOException;
    }

    static void write(Writing writing) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            writing.run();
        } catch (ClosedByInterruptException e) {
            interrupted |= Thread.interrupted();
            writing.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
