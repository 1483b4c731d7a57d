package dev.kiln.platform.autograd;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Weights;
import dev.kiln.toolkit.NamedWeights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * A model's weights, created on a backend and filled as their init says: a pure function of the seed
 * and each weight's name. Used by one thread, which draws the values with all cores.
 */
public final class Parameters implements Weights {
    private final NamedWeights weights;

    /**
     * @param scope how long the weights live
     * @param trainable whether they get gradients
     */
    public Parameters(Backend backend, Scope scope, long seed, boolean trainable) {
        this(backend, scope, seed, _ -> trainable);
    }

    /**
     * @param scope how long the weights live
     * @param trainable whether the weight of a name gets a gradient
     */
    public Parameters(Backend backend, Scope scope, long seed, Predicate<String> trainable) {
        this(backend, scope, new Drawn(backend, seed), trainable);
    }

    /** Weights that nobody reads, and that are filled with nothing: to count them. */
    public static Parameters unfilled(Backend backend, Scope scope, Predicate<String> trainable) {
        return new Parameters(backend, scope, (weight, init) -> {}, trainable);
    }

    private Parameters(Backend backend, Scope scope, Fill fill, Predicate<String> trainable) {
        weights =
                new NamedWeights(
                        (name, shape, init) -> {
                            Weight weight =
                                    backend.weight(scope, name, shape, trainable.test(name));
                            fill.fill(weight, init);
                            return weight;
                        });
    }

    @Override
    public Weight create(String name, Shape shape, Init init) {
        return weights.create(name, shape, init);
    }

    @Override
    public Weights in(String part) {
        return weights.in(part);
    }

    /** All weights, in the order of their creation. */
    public List<Weight> all() {
        return weights.all();
    }

    /** Those that get gradients, in the order of their creation. */
    public List<Weight> trainable() {
        return all().stream().filter(Weight::trainable).toList();
    }

    /** Number of all weights' elements. */
    public long count() {
        return all().stream().mapToLong(weight -> weight.shape().size()).sum();
    }

    /** Gives a new weight its first values. */
    private interface Fill {
        void fill(Weight weight, Init init);
    }

    /** Values as an init says, a pure function of the seed and the weight's name. */
    private record Drawn(Backend backend, long seed) implements Fill {
        private static final int PIECE = 1 << 14;

        @Override
        public void fill(Weight weight, Init init) {
            switch (init) {
                case Init.Constant(double value) -> backend.fill(weight.value(), value);
                case Init.Normal(double deviation) -> {
                    try (Arena arena = Arena.ofShared()) {
                        backend.upload(weight.value(), normal(weight, deviation, arena));
                    }
                }
            }
            backend.refresh(weight);
        }

        /** Not on the heap, which would keep the size of some weights for good. */
        private MemorySegment normal(Weight weight, double deviation, Arena arena) {
            long key = Randomness.key(seed, weight.name());
            long size = weight.shape().size();
            MemorySegment values = arena.allocate(ValueLayout.JAVA_FLOAT, size);
            LongStream.range(0, Math.ceilDiv(size, PIECE))
                    .parallel()
                    .forEach(piece -> draw(values, key, deviation, piece * PIECE));
            return values;
        }

        /** Each value is drawn by its index, so it doesn't matter who draws it. */
        private static void draw(MemorySegment values, long key, double deviation, long from) {
            long end = Math.min(from + PIECE, values.byteSize() / Float.BYTES);
            for (long i = from; i < end; i++) {
                values.setAtIndex(
                        ValueLayout.JAVA_FLOAT, i, (float) (deviation * Randomness.normal(key, i)));
            }
        }
    }
}
