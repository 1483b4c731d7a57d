package dev.kiln.plugins.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One block of memory, as large as the largest that was asked for. What it held is lost as it grows. */
final class GrowingMemory implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private Arena arena = Arena.ofShared();
    private MemorySegment block = arena.allocate(ALIGNMENT, ALIGNMENT);

    /** Where so many bytes are. */
    long of(long bytes) {
        if (block.byteSize() < bytes) {
            arena.close();
            arena = Arena.ofShared();
            block = arena.allocate(bytes, ALIGNMENT);
        }
        return block.address();
    }

    @Override
    public void close() {
        arena.close();
    }
}
