package dev.kiln.platform.storage;

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

    /** Number of elements. */
    public long size() {
        return bytes() / type.bytes();
    }

    /** Number of bytes. */
    public long bytes() {
        return end - begin;
    }

    /**
     * Number of bytes of a tensor.
     *
     * @throws ArithmeticException when a long can't hold it
     */
    static long bytes(StoredType type, List<Long> shape) {
        long bytes = type.bytes();
        for (long dimension : shape) {
            bytes = Math.multiplyExact(bytes, dimension);
        }
        return bytes;
    }
}
