package dev.kiln.platform.storage;

import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Weights whose elements are all one. */
record Ones() implements WeightSource {
    @Override
    public List<String> names() {
        return List.of();
    }

    @Override
    public MemorySegment floats(String name, Shape shape) {
        float[] ones = new float[Math.toIntExact(shape.size())];
        Arrays.fill(ones, 1);
        return MemorySegment.ofArray(ones);
    }

    @Override
    public WeightFormat format(String name) {
        return WeightFormat.FLOAT32;
    }

    @Override
    public long bytes(String name) {
        throw new IllegalStateException("nothing is stored");
    }

    @Override
    public boolean isMapped(String name, WeightFormat format) {
        return false;
    }

    @Override
    public FrozenWeight frozen(
            String name, Shape shape, boolean table, WeightFormat format, Arena arena) {
        throw new IllegalStateException("only floats are asked for");
    }

    @Override
    public void close() {}
}
