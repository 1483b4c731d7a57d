package dev.kiln.kernels;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Per layer the keys and the values as they come, [all sequences, H, capacity, C/H], so that a head
 * reads on and on. H is the number of heads that attend, which a cache's user doesn't change.
 */
final class CpuKvCache implements KvCache {
    private final int capacity;
    private final int width;
    private final List<Tensor> keys;
    private final List<Tensor> values;

    /** Of all sequences; this cache shows those at the places. */
    private final int[] lengths;

    private final int[] places;

    /** C/H of each layer, once it was written. */
    private final int[] headSizes;

    CpuKvCache(Scope scope, DType type, int layers, int sequences, int capacity, int width) {
        this(
                capacity,
                width,
                new ArrayList<>(),
                new ArrayList<>(),
                new int[sequences],
                IntStream.range(0, sequences).toArray(),
                new int[layers]);
        for (int layer = 0; layer < layers; layer++) {
            keys.add(scope.allocate(type, Shape.of(sequences, capacity, width)));
            values.add(scope.allocate(type, Shape.of(sequences, capacity, width)));
        }
    }

    private CpuKvCache(
            int capacity,
            int width,
            List<Tensor> keys,
            List<Tensor> values,
            int[] lengths,
            int[] places,
            int[] headSizes) {
        this.capacity = capacity;
        this.width = width;
        this.keys = keys;
        this.values = values;
        this.lengths = lengths;
        this.places = places;
        this.headSizes = headSizes;
    }

    @Override
    public CpuKvCache select(int... sequences) {
        int[] chosen = IntStream.of(sequences).map(sequence -> places[sequence]).toArray();
        return new CpuKvCache(capacity, width, keys, values, lengths, chosen, headSizes);
    }

    @Override
    public int layers() {
        return keys.size();
    }

    @Override
    public int sequences() {
        return places.length;
    }

    @Override
    public int capacity() {
        return capacity;
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
    public void copy(int from, int to, int begin, int end) {
        if (from == to || begin < 0 || begin > length(to) || end < begin || end > length(from)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "positions %d to %d of sequence %d can't follow sequence %d's",
                            begin,
                            end,
                            from,
                            to));
        }
        for (int layer = 0; layer < layers(); layer++) {
            int size = headSizes[layer];
            for (int head = 0; size > 0 && head < width / size; head++) {
                keys(layer, to, head, size)
                        .copyBlock(keys(layer, from, head, size), begin, end - begin);
                values(layer, to, head, size)
                        .copyBlock(values(layer, from, head, size), begin, end - begin);
            }
        }
        setLength(to, end);
    }

    /**
     * Begins a call: its keys and values must have room, for what is written would else lie outside.
     *
     * @throws IllegalArgumentException when they don't
     */
    void begin(Shape qkv, int layer, int heads, AttentionLayout... layouts) {
        int rows = Stream.of(layouts).mapToInt(AttentionLayout::queries).sum();
        require(qkv.columns() == 3 * width, "the cache is " + width + " wide, qkv has " + qkv);
        require(layer >= 0 && layer < layers(), "the cache has no layer " + layer);
        require(layouts.length == sequences(), "expected a layout for each sequence");
        require(rows == qkv.rows(), "expected a row for each of " + rows + " queries");
        for (int b = 0; b < layouts.length; b++) {
            int keys = layouts[b].keys();
            require(keys == length(b) + layouts[b].queries(), "keys are not length + queries");
            require(keys <= capacity, "the cache has no room for " + keys + " positions");
        }
        headSizes[layer] = width / heads;
    }

    private static void require(boolean fits, String otherwise) {
        if (!fits) {
            throw new IllegalArgumentException("cachedAttention: " + otherwise);
        }
    }

    @Override
    public int width() {
        return width;
    }

    /** A sequence's keys of one head. */
    HeadRows keys(int layer, int sequence, int head, int size) {
        return rows(keys.get(layer), sequence, head, size);
    }

    /** The same of its values. */
    HeadRows values(int layer, int sequence, int head, int size) {
        return rows(values.get(layer), sequence, head, size);
    }

    private HeadRows rows(Tensor tensor, int sequence, int head, int size) {
        long before = ((long) places[sequence] * width + (long) head * size) * capacity;
        int bytes = tensor.type().bytes();
        long address = ((CpuTensor) tensor).address() + bytes * before;
        return new HeadRows(tensor.type(), address, (long) bytes * size);
    }
}
