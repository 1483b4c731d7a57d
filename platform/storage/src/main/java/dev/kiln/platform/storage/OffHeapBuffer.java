package dev.kiln.platform.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory outside of the heap that is used again and again, and grows. Used by one thread. */
final class OffHeapBuffer implements AutoCloseable {
    private Arena arena = Arena.ofShared();
    private MemorySegment memory = MemorySegment.NULL;

    /** The first bytes of it, with undefined contents; what it gave before is no longer valid. */
    MemorySegment of(long bytes) {
        if (memory.byteSize() < bytes) {
            arena.close();
            arena = Arena.ofShared();
            memory = arena.allocate(bytes, Float.BYTES);
        }
        return memory.asSlice(0, bytes);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
