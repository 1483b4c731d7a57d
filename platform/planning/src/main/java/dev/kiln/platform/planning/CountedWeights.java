package dev.kiln.platform.planning;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Weights;
import java.util.ArrayList;
import java.util.List;

/** The weights of a model under construction, without elements. Used by one thread. */
final class CountedWeights implements Weights {
    private final Backend backend;
    private final Scope scope;
    private final String prefix;
    private final List<Weight> created;

    CountedWeights(Backend backend, Scope scope) {
        this(backend, scope, "", new ArrayList<>());
    }

    private CountedWeights(Backend backend, Scope scope, String prefix, List<Weight> created) {
        this.backend = backend;
        this.scope = scope;
        this.prefix = prefix;
        this.created = created;
    }

    @Override
    public Weight create(String name, Shape shape, Init init) {
        Weight weight = backend.weight(scope, prefix + name, shape, true);
        created.add(weight);
        return weight;
    }

    @Override
    public Weights in(String part) {
        return new CountedWeights(backend, scope, prefix + part + ".", created);
    }

    List<Weight> all() {
        return List.copyOf(created);
    }
}
