package dev.kiln.spi.model;

import dev.kiln.spi.Stable;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Weight;

/** Creates the weights of a model under construction. Used by one thread. */
@Stable
public interface Weights {

    /**
     * A new weight.
     *
     * @param name its name in checkpoints, behind this factory's prefix
     * @throws IllegalArgumentException when the name is taken
     */
    Weight create(String name, Shape shape, Init init);

    /** The same factory with a longer prefix: {@code in("h.0")} makes {@code h.0.name}. */
    Weights in(String prefix);
}
