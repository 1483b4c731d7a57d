package dev.kiln.testkit;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Creates trainable weights on a backend, for tests, filled as their {@link Init} says from a seed
 * and their name. Used by one thread.
 */
@Experimental
public final class ReferenceWeights implements Weights {
    private final Backend backend;
    private final Scope scope;
    private final long seed;
    private final String prefix;
    private final Map<String, Weight> created;

    public ReferenceWeights(Backend backend, Scope scope, long seed) {
        this(backend, scope, seed, "", new LinkedHashMap<>());
    }

    private ReferenceWeights(
            Backend backend, Scope scope, long seed, String prefix, Map<String, Weight> created) {
        this.backend = backend;
        this.scope = scope;
        this.seed = seed;
        this.prefix = prefix;
        this.created = created;
    }

    /** All weights, in the order of their creation, of whatever prefix. */
    public List<Weight> created() {
        return new ArrayList<>(created.values());
    }

    @Override
    public Weight create(String name, Shape shape, Init init) {
        String full = prefix + name;
        if (created.containsKey(full)) {
            throw new IllegalArgumentException("there is a weight " + full + " already");
        }
        Weight weight = backend.weight(scope, full, shape, true);
        backend.upload(weight.value(), values(full, Math.toIntExact(shape.size()), init));
        backend.refresh(weight);
        created.put(full, weight);
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
        return new ReferenceWeights(backend, scope, seed, prefix + longer + ".", created);
    }
}
