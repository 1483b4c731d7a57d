package dev.kiln.platform.storage;

import dev.kiln.spi.backend.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor of a safetensors file, as its header describes it. Immutable.
 *
 * @param name unique in its file
 * @param shape slowest dimension first; empty for a scalar
 * @param begin offset of its first byte from the start of the file's data
 * @param end offset behind its last byte
 */
public record StoredTensor(String name, StoredType type, List<Long> shape, long begin, long end) {

    public StoredTensor {
        shape = List.copyOf(shape);
    }

    /** A shape as headers have it. */
    static List<Long> dimensions(Shape shape) {
        return Arrays.stream(shape.toArray()).mapToObj(d -> (long) d).toList();
    }

    /** Number of elements. */
    public long size() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Number of bytes. */
    public long bytes() {
        return end - begin;
    }

    /**
     * Number of bytes of a tensor; a last one that is not full counts.
     *
     * @throws ArithmeticException when a long can't hold its bits
     */
    static long bytes(StoredType type, List<Long> shape) {
        long bits = type.bits();
        for (long dimension : shape) {
            bits = Math.multiplyExact(bits, dimension);
        }
        return Math.ceilDiv(bits, Byte.SIZE);
    }
}
