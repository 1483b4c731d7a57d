package dev.kiln.plugins.mixture;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Range;
import dev.kiln.spi.data.DataSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Options of {@code mixture}. */
public record MixtureOptions(
        @Doc("the corpora; weights are divided by their sum, so they may add to 1, 100 or anything")
                List<Source> sources) {

    /** A corpus with its share of training. */
    public record Source(
            @Doc("what messages and measurements call it") String name,
            @Doc("its share of the training sequences, beside the others' weights")
                    @Range(min = 0, max = 1e12)
                    double weight,
            @Doc("the corpus: any but a mixture") Choice<DataSource> data) {

        public Source {
            if (name.isBlank()) {
                throw new InvalidInput("expected a name for each source of a mixture");
            }
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "the weight of '%s' is %s, expected a number greater than 0",
                                name,
                                weight));
            }
        }
    }

    public MixtureOptions {
        sources = List.copyOf(sources);
        if (sources.isEmpty()) {
            throw new InvalidInput("a mixture has no sources, expected at least one");
        }
        Set<String> names = new HashSet<>();
        for (Source source : sources) {
            if (!names.add(source.name())) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "two sources of a mixture have the name '%s', expected one each",
                                source.name()));
            }
        }
    }
}
