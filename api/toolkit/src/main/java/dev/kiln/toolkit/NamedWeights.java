package dev.kiln.toolkit;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights under their full names, each made once, in whatever way: drawn at random, read from a file,
 * or only counted. Used by one thread.
 *
 * <pre>{@code
 * NamedWeights weights =
 *         new NamedWeights((name, shape, init) -> backend.weight(scope, name, shape, true));
 * Model model = family.build(weights, vocabulary);
 * weights.all().forEach(weight -> System.out.println(weight.name()));
 * }</pre>
 */
public final class NamedWeights implements Weights {
    private final Maker maker;
    private final String prefix;
    private final Map<String, Weight> made;

    /** Makes a weight of a full name that is not taken. */
    @FunctionalInterface
    public interface Maker {
        Weight make(String name, Shape shape, Init init);
    }

    public NamedWeights(Maker maker) {
        this(maker, "", new LinkedHashMap<>());
    }

    private NamedWeights(Maker maker, String prefix, Map<String, Weight> made) {
        this.maker = maker;
        this.prefix = prefix;
        this.made = made;
    }

    @Override
    public Weight create(String name, Shape shape, Init init) {
        String full = prefix + name;
        if (made.containsKey(full)) {
            throw new IllegalArgumentException("there is a weight '" + full + "' already");
        }
        Weight weight = maker.make(full, shape, init);
        made.put(full, weight);
        return weight;
    }

    @Override
    public NamedWeights in(String longer) {
        return new NamedWeights(maker, prefix + longer + ".", made);
    }

    /** All weights, of whatever prefix, in the order of their creation. */
    public List<Weight> all() {
        return new ArrayList<>(made.values());
    }
}
