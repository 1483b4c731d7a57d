package dev.kiln.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Where a backend's memory comes from. Used by one thread at a time; closing gives everything back.
 */
public interface Memory extends AutoCloseable {

    /**
     * Memory that is not moved until it is freed.
     *
     * @param alignment a power of two that divides the address
     * @throws OutOfMemoryError when there is none
     */
    MemorySegment allocate(long bytes, long alignment);

    /** Gives one segment of {@link #allocate} back. */
    void free(MemorySegment segment);

    @Override
    void close();

    /** Plain memory of the process. */
    static Memory ofProcess() {
        return new ProcessMemory();
    }
}
