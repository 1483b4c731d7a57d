package dev.kiln.platform.storage;

import dev.kiln.spi.backend.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor to be written.
 *
 * @param name unique in its file
 * @param shape slowest dimension first; empty for a scalar
 * @param data the elements in native order, in as many pieces as suit, heap or native; iterated
 *     once, when it is this tensor's turn. A piece is done with when the next is asked for, so one
 *     buffer serves them all
 */
public record TensorContent(
        String name, StoredType type, List<Long> shape, Iterable<MemorySegment> data) {

    public TensorContent {
        shape = List.copyOf(shape);
        if (name.equals(SafetensorsHeader.METADATA)) {
            throw new IllegalArgumentException("a tensor can't be called " + name);
        }
        if (shape.stream().anyMatch(dimension -> dimension < 0)) {
            throw new IllegalArgumentException("not a shape: " + shape);
        }
    }

    /** A float32 tensor in one piece. */
    public TensorContent(String name, List<Long> shape, Supplier<MemorySegment> data) {
        this(name, StoredType.F32, shape, () -> List.of(data.get()).iterator());
    }

    /** A float32 tensor in one piece. */
    public static TensorContent of(String name, Shape shape, Supplier<MemorySegment> data) {
        return new TensorContent(name, StoredTensor.dimensions(shape), data);
    }

    /** A tensor of any type in one piece. */
    public static TensorContent of(
            String name, StoredType type, Shape shape, Supplier<MemorySegment> data) {
        return new TensorContent(
                name, type, StoredTensor.dimensions(shape), () -> List.of(data.get()).iterator());
    }

    /** As {@link #of}, refused in one line where a value is not finite. */
    public static TensorContent finite(
            String name, StoredType type, Shape shape, Supplier<MemorySegment> data) {
        return of(
                name,
                type,
                shape,
                () -> {
                    MemorySegment elements = data.get();
                    Floats.requireFinite(name, type, elements);
                    return elements;
                });
    }

    /** A float32 tensor in pieces. */
    public static TensorContent inPieces(String name, Shape shape, Iterable<MemorySegment> data) {
        return new TensorContent(name, StoredType.F32, StoredTensor.dimensions(shape), data);
    }

    /** Number of bytes. */
    public long bytes() {
        return StoredTensor.bytes(type, shape);
    }
}
