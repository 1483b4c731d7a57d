package dev.kiln.kernels;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Per layer the keys and the values as they come, [B, capacity, C]. */
final class CpuKvCache implements KvCache {
    private final int capacity;
    private final int width;
    private final int[] lengths;
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();

    CpuKvCache(Scope scope, int layers, int sequences, int capacity, int width) {
        this.capacity = capacity;
        this.width = width;
        this.lengths = new int[sequences];
        for (int layer = 0; layer < layers; layer++) {
            keys.add(scope.allocate(DType.FLOAT32, Shape.of(sequences, capacity, width)));
            values.add(scope.allocate(DType.FLOAT32, Shape.of(sequences, capacity, width)));
        }
    }

    @Override
    public int layers() {
        return keys.size();
    }

    @Override
    public int sequences() {
        return lengths.length;
    }

    @Override
    public int capacity() {
        return capacity;
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

    /** Where a sequence's keys of one channel begin; positions are C floats apart. */
    long keys(int layer, int sequence, int channel) {
        return at(keys.get(layer), sequence, channel);
    }

    /** The same of its values. */
    long values(int layer, int sequence, int channel) {
        return at(values.get(layer), sequence, channel);
    }

    private long at(Tensor tensor, int sequence, int channel) {
        long row = (long) sequence * capacity;
        return ((CpuTensor) tensor).address() + 4 * (row * width + channel);
    }
}
