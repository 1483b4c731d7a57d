package dev.kiln.kernels;

import dev.kiln.spi.InvalidInput;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Blocks of memory that are kept when given back and handed out again, the latest first because it
 * is still in the cache. Sizes are rounded up to sixteen classes an octave, large ones to 64, and a
 * block serves its own class only: so a step that repeats finds all its blocks again. Used by one
 * thread at a time.
 *
 * <p>A block is a whole number of vectors and starts at a multiple of one, so loops over a tensor
 * may run over its end up to the next whole vector.
 */
final class BlockPool implements AutoCloseable {
    private static final int CLASSES = 64 * 64;

    /** Bytes from which on rounding to a sixteenth would waste much: weights of large models. */
    private static final long LARGE = 1 << 24;

    private final Memory memory;
    private final long limit;
    private final long alignment = Math.max(64, Lanes.BYTES);
    private final List<ArrayDeque<MemorySegment>> free = new ArrayList<>();
    private long allocatedBytes;
    private long usedBytes;
    private long peakBytes;

    /**
     * @param limit bytes to hold at most
     */
    BlockPool(Memory memory, long limit) {
        this.memory = memory;
        this.limit = limit;
        for (int i = 0; i < CLASSES; i++) {
            free.add(new ArrayDeque<>(0));
        }
    }

    /** Bytes to hold at most. */
    long limit() {
        return limit;
    }

    /** Bytes held, used and unused. */
    long allocatedBytes() {
        return allocatedBytes;
    }

    /** Bytes of blocks that are out. */
    long usedBytes() {
        return usedBytes;
    }

    /** The most that was out at a time since the last {@link #resetPeak}. */
    long peakBytes() {
        return peakBytes;
    }

    void resetPeak() {
        peakBytes = usedBytes;
    }

    /**
     * @param what what asks, for the message
     * @throws InvalidInput when the memory is used up
     */
    MemorySegment take(long bytes, Object what) {
        long size = rounded(Math.max(bytes, alignment));
        MemorySegment block = free.get(sizeClass(size)).pollFirst();
        MemorySegment taken = block != null ? block : allocate(size, what);
        usedBytes += size;
        peakBytes = Math.max(peakBytes, usedBytes);
        return taken;
    }

    void give(MemorySegment block) {
        usedBytes -= block.byteSize();
        free.get(sizeClass(block.byteSize())).addFirst(block);
    }

    private MemorySegment allocate(long size, Object what) {
        if (size > limit - allocatedBytes) {
            trim();
        }
        if (size > limit - allocatedBytes) {
            throw usedUp(size, what);
        }
        try {
            return counted(size);
        } catch (OutOfMemoryError first) {
            trim();
        }
        try {
            return counted(size);
        } catch (OutOfMemoryError second) {
            throw usedUp(size, what);
        }
    }

    private MemorySegment counted(long size) {
        MemorySegment block = memory.allocate(size, alignment);
        allocatedBytes += size;
        return block;
    }

    /** Gives unused blocks back to the memory. */
    private void trim() {
        for (ArrayDeque<MemorySegment> blocks : free) {
            for (MemorySegment block : blocks) {
                allocatedBytes -= block.byteSize();
                memory.free(block);
            }
            blocks.clear();
        }
    }

    private InvalidInput usedUp(long size, Object what) {
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "out of memory: %s asks for %.1f MiB, %.1f MiB of %.1f MiB are in use;"
                                + " a smaller batch, context or model needs less",
                        what,
                        size / 0x1p20,
                        allocatedBytes / 0x1p20,
                        limit / 0x1p20));
    }

    /** The class's size: the top five or seven bits of the number, rounded up, in whole vectors. */
    private long rounded(long bytes) {
        int kept = bytes < LARGE ? 5 : 7;
        int drop = Math.max(0, 64 - kept - Long.numberOfLeadingZeros(bytes));
        long step = Math.max(1L << drop, alignment);
        return (bytes + step - 1) / step * step;
    }

    private static int sizeClass(long size) {
        int octave = 63 - Long.numberOfLeadingZeros(size);
        int part = (int) (octave < 6 ? 0 : size >>> (octave - 6)) & 63;
        return 64 * octave + part;
    }

    @Override
    public void close() {
        free.forEach(ArrayDeque::clear);
        allocatedBytes = 0;
        usedBytes = 0;
        memory.close();
    }
}
