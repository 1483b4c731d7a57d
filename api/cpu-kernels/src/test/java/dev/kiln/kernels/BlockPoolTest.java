package dev.kiln.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockPoolTest {
    private static final Set<DType> TYPES = Set.of(DType.FLOAT32, DType.INT32);

    private final BlockPool pool = new BlockPool(Memory.ofProcess(), 1 << 20);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void aBlockGivenBackIsHandedOutAgain() {
        MemorySegment first = pool.take(1000, "a tensor");
        long held = pool.allocatedBytes();
        pool.give(first);
        assertEquals(first.address(), pool.take(1001, "another").address());
        assertEquals(held, pool.allocatedBytes());
    }

    @Test
    void thePeakIsTheMostThatWasOutAtATime() {
        MemorySegment kept = pool.take(1024, "kept");
        MemorySegment first = pool.take(2048, "first");
        MemorySegment second = pool.take(4096, "second");
        pool.give(first);
        pool.give(second);
        assertEquals(1024, pool.usedBytes());
        assertEquals(1024 + 2048 + 4096, pool.peakBytes());
        pool.resetPeak();
        pool.give(pool.take(512, "third"));
        assertEquals(1024 + 512, pool.peakBytes());
        pool.give(kept);
        assertEquals(0, pool.usedBytes());
    }

    @Test
    void blocksAreWholeVectorsThatStartAtOne() {
        for (int bytes = 1; bytes < 5000; bytes += 7) {
            MemorySegment block = pool.take(bytes, "a tensor");
            assertEquals(0, block.address() % 64);
            assertEquals(0, block.byteSize() % Lanes.BYTES);
            assertTrue(block.byteSize() >= bytes);
            assertTrue(block.byteSize() <= Math.max(bytes + 128, bytes * 1.07));
            pool.give(block);
        }
    }

    @Test
    void unusedBlocksMakeRoomForOthers() {
        pool.give(pool.take(600_000, "a tensor"));
        pool.take(700_000, "a larger one");
        assertTrue(pool.allocatedBytes() < 1 << 20);
    }

    @Test
    void usedUpMemoryIsSaidWithItsSize() {
        pool.take(600_000, "a tensor");
        InvalidInput refused =
                assertThrows(
                        InvalidInput.class,
                        () ->
                                new CpuScope(pool, TYPES)
                                        .allocate(DType.FLOAT32, Shape.of(1000, 1000)));
        assertTrue(refused.getMessage().contains("[1000, 1000] asks for"), refused.getMessage());
        assertTrue(refused.getMessage().contains("of 1.0 MiB"), refused.getMessage());
    }

    @Test
    void bfloat16IsRefusedClearly() {
        InvalidInput refused =
                assertThrows(
                        InvalidInput.class,
                        () -> new CpuScope(pool, TYPES).allocate(DType.BFLOAT16, Shape.of(2)));
        assertTrue(refused.getMessage().contains("no BFLOAT16 tensors"), refused.getMessage());
    }

    @Test
    void aTensorIsNotUsedAfterItsRelease() {
        CpuScope scope = new CpuScope(pool, TYPES);
        CpuTensor tensor = scope.allocate(DType.FLOAT32, Shape.of(2));
        scope.release(tensor);
        assertThrows(IllegalStateException.class, tensor::address);
        assertThrows(IllegalArgumentException.class, () -> scope.release(tensor));
    }
}
