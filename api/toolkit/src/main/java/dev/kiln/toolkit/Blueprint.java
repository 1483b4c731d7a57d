package dev.kiln.toolkit;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.ModelFamily;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The weights that a model would have, not made: what they are called, how large they are and how
 * they would be filled. Immutable.
 *
 * @param parts by the weight's name, in the order of creation
 */
public record Blueprint(Map<String, Part> parts) {

    public Blueprint {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /** One weight. */
    public record Part(Shape shape, Init init) {}

    /** Goes through the building of a model without a backend. */
    public static Blueprint of(ModelFamily family, int vocabulary) {
        Map<String, Part> parts = new LinkedHashMap<>();
        family.build(
                new NamedWeights(
                        (name, shape, init) -> {
                            parts.put(name, new Part(shape, init));
                            return new Unmade(name, shape);
                        }),
                vocabulary);
        return new Blueprint(parts);
    }

    /** Number of parameters in all. */
    public long parameters() {
        return parts.values().stream().mapToLong(part -> part.shape().size()).sum();
    }

    private record Unmade(String name, Shape shape) implements Weight {
        @Override
        public Tensor value() {
            throw new IllegalStateException("weight " + name + " is only planned");
        }

        @Override
        public boolean trainable() {
            return false;
        }

        @Override
        public Tensor gradient() {
            throw new IllegalStateException("weight " + name + " is only planned");
        }
    }
}
