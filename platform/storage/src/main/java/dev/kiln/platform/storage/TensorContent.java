package dev.kiln.platform.storage;

import dev.kiln.spi.backend.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * A float32 tensor to be written.
 *
 * @param name unique in its file
 * @param shape slowest dimension first; empty for a scalar
 * @param data asked once, when it is this tensor's turn, for the elements in native order, heap or
 *     native; the segment is done with when the next tensor is asked, so one buffer serves them all
 */
public record TensorContent(String name, List<Long> shape, Supplier<MemorySegment> data) {

    public TensorContent {
        shape = List.copyOf(shape);
        if (name.equals(SafetensorsHeader.METADATA)) {
            throw new IllegalArgumentException("a tensor can't be called " + name);
        }
        if (shape.stream().anyMatch(dimension -> dimension < 0)) {
            throw new IllegalArgumentException("not a shape: " + shape);
        }
    }

    public static TensorContent of(String name, Shape shape, Supplier<MemorySegment> data) {
        List<Long> dimensions = Arrays.stream(shape.toArray()).mapToObj(d -> (long) d).toList();
        return new TensorContent(name, dimensions, data);
    }

    /** Number of bytes. */
    public long bytes() {
        return StoredTensor.bytes(StoredType.F32, shape);
    }
}
