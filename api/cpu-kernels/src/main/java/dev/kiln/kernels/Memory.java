package dev.kiln.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

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
        return new Memory() {
            private final Map<Long, Arena> arenas = new HashMap<>();

            @Override
            public MemorySegment allocate(long bytes, long alignment) {
                Arena arena = Arena.ofShared();
                MemorySegment segment = arena.allocate(bytes, alignment);
                arenas.put(segment.address(), arena);
                return segment;
            }

            @Override
            public void free(MemorySegment segment) {
                Arena arena = arenas.remove(segment.address());
                if (arena == null) {
                    throw new IllegalArgumentException("not of this memory: " + segment);
                }
                arena.close();
            }

            @Override
            public void close() {
                arenas.values().forEach(Arena::close);
                arenas.clear();
            }
        };
    }
}
