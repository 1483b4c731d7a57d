package dev.kiln.spi.data;

import dev.kiln.spi.Stable;
import java.util.List;

/**
 * Several corpora, each with a share of the training windows whatever its size: a small one is read
 * several times while a large one is not read to its end (Brown et al., 2020, table 2.2).
 *
 * @param parts at least one
 */
@Stable
public record Mixture(List<Part> parts) implements DataSource {

    /**
     * A corpus and its share.
     *
     * @param name for messages and measurements; each part has its own
     * @param source text or tokens; not a mixture again
     * @param weight greater than 0; shares are weights divided by their sum
     */
    public record Part(String name, DataSource source, double weight) {
        public Part {
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("expected a weight > 0, got " + weight);
            }
            if (source instanceof Mixture) {
                throw new IllegalArgumentException("a mixture can't be part of a mixture");
            }
        }
    }

    /**
     * @throws IllegalArgumentException when there is no part, or two have one name
     */
    public Mixture {
        parts = List.copyOf(parts);
        if (parts.isEmpty() || parts.stream().map(Part::name).distinct().count() < parts.size()) {
            throw new IllegalArgumentException("a mixture needs parts, each with its own name");
        }
    }

    /** Those of the parts, one part after the other. */
    @Override
    public List<String> prompts() {
        return parts.stream().flatMap(part -> part.source().prompts().stream()).toList();
    }

    /** Those of the parts, each with its part's name. */
    @Override
    public List<String> notices() {
        return parts.stream()
                .flatMap(
                        part ->
                                part.source().notices().stream()
                                        .map(notice -> "'" + part.name() + "': " + notice))
                .toList();
    }
}
