package dev.kiln.testkit;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;

/** Keys and values as [layers, sequences, capacity, width]. */
record ReferenceKvCache(
        int layers,
        int sequences,
        int capacity,
        int width,
        Tensor keys,
        Tensor values,
        int[] lengths)
        implements KvCache {

    static ReferenceKvCache in(Scope scope, int layers, int sequences, int capacity, int width) {
        Shape shape = Shape.of(layers, sequences, capacity, width);
        return new ReferenceKvCache(
                layers,
                sequences,
                capacity,
                width,
                scope.allocate(DType.FLOAT32, shape),
                scope.allocate(DType.FLOAT32, shape),
                new int[sequences]);
    }

    @Override
    public int length(int sequence) {
        return lengths[sequence];
    }

    @Override
    public void setLength(int sequence, int length) {
        if (length < 0 || length > capacity) {
            throw new IllegalArgumentException(
                    "expected a length in [0, " + capacity + "], got " + length);
        }
        lengths[sequence] = length;
    }

    /** Where a position's keys, and its values, begin. */
    int offset(int layer, int sequence, int position) {
        return ((layer * sequences + sequence) * capacity + position) * width;
    }
}
