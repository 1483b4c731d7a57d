package dev.kiln.testkit;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Weights;
import dev.kiln.toolkit.NamedWeights;
import java.util.List;

/**
 * Creates trainable weights on a backend, for tests, filled as their {@link Init} says from a seed
 * and their name. Used by one thread.
 */
@Experimental
public final class ReferenceWeights implements Weights {
    private final Backend backend;
    private final Scope scope;
    private final long seed;
    private final NamedWeights weights = new NamedWeights(this::make);

    public ReferenceWeights(Backend backend, Scope scope, long seed) {
        this.backend = backend;
        this.scope = scope;
        this.seed = seed;
    }

    /** All weights, in the order of their creation, of whatever prefix. */
    public List<Weight> created() {
        return weights.all();
    }

    @Override
    public Weight create(String name, Shape shape, Init init) {
        return weights.create(name, shape, init);
    }

    private Weight make(String name, Shape shape, Init init) {
        Weight weight = backend.weight(scope, name, shape, true);
        backend.upload(weight.value(), values(name, Math.toIntExact(shape.size()), init));
        backend.refresh(weight);
        return weight;
    }

    private float[] values(String name, int size, Init init) {
        long key = Randomness.key(seed, name);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] =
                    (float)
                            switch (init) {
                                case Init.Normal normal ->
                                        normal.deviation() * Randomness.normal(key, i);
                                case Init.Constant constant -> constant.value();
                            };
        }
        return values;
    }

    @Override
    public Weights in(String longer) {
        return weights.in(longer);
    }
}
