package dev.kiln.platform.benchmark;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.backend.WeightFormat;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Weights;
import dev.kiln.toolkit.NamedWeights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A model's weights, filled cheaply with random numbers of the size that they have in a trained
 * model: speed does not depend on which. Used by one thread.
 */
final class RandomWeights implements Weights {
    private final Backend backend;
    private final Scope scope;
    private final Form form;
    private final NamedWeights weights = new NamedWeights(this::make);

    /** What becomes of a matrix; everything else is a weight with a master. */
    sealed interface Form {}

    /** Weights with masters. */
    record Masters(boolean trainable) implements Form {}

    /**
     * How matrices are kept that are only read.
     *
     * @param arena how long their elements live
     */
    record Frozen(WeightFormat format, Arena arena) implements Form {}

    RandomWeights(Backend backend, Scope scope, Form form) {
        this.backend = backend;
        this.scope = scope;
        this.form = form;
    }

    @Override
    public Weight create(String name, Shape shape, Init init) {
        return weights.create(name, shape, init);
    }

    private Weight make(String name, Shape shape, Init init) {
        return switch (form) {
            case Masters masters -> master(name, shape, init, masters.trainable());
            case Frozen frozen when shape.rank() > 1 ->
                    backend.frozen(scope, random(frozen, name, shape, isTable(name)));
            case Frozen _ -> master(name, shape, init, false);
        };
    }

    private Weight master(String name, Shape shape, Init init, boolean trainable) {
        Weight weight = backend.weight(scope, name, shape, trainable);
        switch (init) {
            case Init.Constant(double value) -> backend.fill(weight.value(), value);
            case Init.Normal(double deviation) -> {
                try (Arena arena = Arena.ofConfined()) {
                    backend.upload(
                            weight.value(), RandomNumbers.floats(shape.size(), deviation, arena));
                }
            }
        }
        backend.refresh(weight);
        return weight;
    }

    /** Weights of blocks have the block's number in their name; the other matrices are tables. */
    private static boolean isTable(String name) {
        return !name.matches(".*\\.\\d+\\..*");
    }

    static FrozenWeight random(Frozen how, String name, Shape shape, boolean table) {
        Stored stored = Stored.of(how.format(), shape, table);
        MemorySegment elements = how.arena().allocate(stored.elementBytes(), 64);
        MemorySegment scales = how.arena().allocate(stored.scaleBytes(), 64);
        RandomNumbers.fillElements(elements, how.format());
        RandomNumbers.fillScales(scales);
        return new FrozenWeight(name, shape, how.format(), table, elements, scales);
    }

    @Override
    public Weights in(String part) {
        return weights.in(part);
    }

    /** All weights, in the order of their creation. */
    List<Weight> all() {
        return weights.all();
    }

    /** Number of all weights' elements. */
    long count() {
        return weights.all().stream().mapToLong(weight -> weight.shape().size()).sum();
    }

    /**
     * Bytes of the weights that one token reads all of: not the table of positions, of which it reads
     * a row. The table of tokens counts once, as the output projection.
     *
     * @param vocabulary rows of a table that is read whole
     */
    long bytesPerToken(int vocabulary) {
        return weights.all().stream().mapToLong(weight -> bytes(weight, vocabulary)).sum();
    }

    private long bytes(Weight weight, int vocabulary) {
        Shape shape = weight.shape();
        boolean table = shape.rank() > 1 && isTable(weight.name());
        if (table && shape.rows() != vocabulary) {
            return 0;
        }
        WeightFormat format =
                switch (form) {
                    case Frozen frozen when shape.rank() > 1 -> frozen.format();
                    case Frozen _, Masters _ -> WeightFormat.FLOAT32;
                };
        return Stored.of(format, shape, table).bytes();
    }
}
