package dev.kiln.kernels;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The C library's {@code malloc}: Java's own arenas write zeros first, on one thread, which nobody
 * here reads. Large blocks ask Linux for huge pages: a page fault every 2 MiB, and fewer misses of the
 * address translation when weights stream by.
 */
@SuppressWarnings("restricted") // native memory is what this class is for
final class ProcessMemory implements Memory {
    private static final long HUGE_PAGE = 2 << 20;
    private static final int MADV_HUGEPAGE = 14;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MALLOC =
            function("malloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG)).orElseThrow();
    private static final MethodHandle FREE =
            function("free", FunctionDescriptor.ofVoid(JAVA_LONG)).orElseThrow();
    private static final Optional<MethodHandle> MADVISE =
            System.getProperty("os.name").equals("Linux")
                    ? function(
                            "madvise",
                            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT))
                    : Optional.empty();

    /** Where a block begins, by where its aligned part does. */
    private final Map<Long, Long> blocks = new HashMap<>();

    private static Optional<MethodHandle> function(String name, FunctionDescriptor descriptor) {
        return LINKER.defaultLookup()
                .find(name)
                .map(place -> LINKER.downcallHandle(place, descriptor));
    }

    @Override
    public MemorySegment allocate(long bytes, long alignment) {
        long step = bytes < 2 * HUGE_PAGE ? alignment : Math.max(alignment, HUGE_PAGE);
        long block = malloc(Math.addExact(bytes, step));
        if (block == 0) {
            throw new OutOfMemoryError("malloc of " + bytes + " bytes");
        }
        long start = (block + step - 1) / step * step;
        blocks.put(start, block);
        adviseHugePages(start, bytes / HUGE_PAGE * HUGE_PAGE);
        return MemorySegment.ofAddress(start).reinterpret(bytes);
    }

    private static long malloc(long bytes) {
        try {
            return (long) MALLOC.invokeExact(bytes);
        } catch (Throwable thrown) {
            throw new IllegalStateException("malloc", thrown);
        }
    }

    /** Only advice: whatever it returns. */
    private static void adviseHugePages(long start, long bytes) {
        if (bytes < 2 * HUGE_PAGE || MADVISE.isEmpty()) {
            return;
        }
        try {
            int ignored = (int) MADVISE.get().invokeExact(start, bytes, MADV_HUGEPAGE);
        } catch (Throwable thrown) {
            throw new IllegalStateException("madvise", thrown);
        }
    }

    private static void free(long block) {
        try {
            FREE.invokeExact(block);
        } catch (Throwable thrown) {
            throw new IllegalStateException("free", thrown);
        }
    }

    @Override
    public void free(MemorySegment segment) {
        Long block = blocks.remove(segment.address());
        if (block == null) {
            throw new IllegalArgumentException("not of this memory: " + segment);
        }
        free(block);
    }

    @Override
    public void close() {
        blocks.values().forEach(ProcessMemory::free);
        blocks.clear();
    }
}
