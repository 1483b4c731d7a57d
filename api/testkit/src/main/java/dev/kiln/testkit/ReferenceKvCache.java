package dev.kiln.testkit;

import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keys and values as [layers, all sequences, capacity, width].
 *
 * @param lengths of all sequences
 * @param places which of them this cache shows
 */
record ReferenceKvCache(
        int layers,
        int capacity,
        int width,
        Tensor keys,
        Tensor values,
        int[] lengths,
        int[] places)
        implements KvCache {

    static ReferenceKvCache in(Scope scope, int layers, int sequences, int capacity, int width) {
        Shape shape = Shape.of(layers, sequences, capacity, width);
        return new ReferenceKvCache(
                layers,
                capacity,
                width,
                scope.allocate(DType.FLOAT32, shape),
                scope.allocate(DType.FLOAT32, shape),
                new int[sequences],
                IntStream.range(0, sequences).toArray());
    }

    @Override
    public int sequences() {
        return places.length;
    }

    @Override
    public int length(int sequence) {
        return lengths[places[sequence]];
    }

    @Override
    public void setLength(int sequence, int length) {
        if (length < 0 || length > capacity) {
            throw new IllegalArgumentException(
                    "expected a length in [0, " + capacity + "], got " + length);
        }
        lengths[places[sequence]] = length;
    }

    @Override
    public ReferenceKvCache select(int... sequences) {
        int[] chosen = IntStream.of(sequences).map(sequence -> places[sequence]).toArray();
        return new ReferenceKvCache(layers, capacity, width, keys, values, lengths, chosen);
    }

    @Override
    public void copy(int from, int to, int begin, int end) {
        if (from == to || begin < 0 || begin > length(to) || end < begin || end > length(from)) {
            throw new IllegalArgumentException("copy: positions " + begin + " to " + end);
        }
        for (Tensor tensor : List.of(keys, values)) {
            double[] all = Operands.reals("copy", tensor);
            for (int layer = 0; layer < layers; layer++) {
                int count = (end - begin) * width;
                int source = offset(layer, from, begin);
                System.arraycopy(all, source, all, offset(layer, to, begin), count);
            }
        }
        setLength(to, end);
    }

    /** Where a position's keys, and its values, begin. */
    int offset(int layer, int sequence, int position) {
        return ((layer * lengths.length + places[sequence]) * capacity + position) * width;
    }
}
