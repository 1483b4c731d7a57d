package dev.kiln.plugins.mixture;

import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.DataSourceFactory;
import dev.kiln.spi.data.Mixture;
import java.util.Locale;
import org.pf4j.Extension;

/**
 * {@code mixture}: several corpora, each read by its share of training whatever its size, as GPT-3
 * read five (Brown et al., 2020, table 2.2, whose weights add to 101 %).
 */
@Extension
public final class MixtureFactory implements DataSourceFactory<MixtureOptions> {
    @Override
    public String name() {
        return "mixture";
    }

    @Override
    public Class<MixtureOptions> options() {
        return MixtureOptions.class;
    }

    /**
     * @throws InvalidInput when a source is a mixture itself
     */
    @Override
    public DataSource create(MixtureOptions options, Context context) {
        return new Mixture(
                options.sources().stream().map(source -> part(source, context)).toList());
    }

    private static Mixture.Part part(MixtureOptions.Source source, Context context) {
        DataSource data = source.data().create(context);
        if (data instanceof Mixture) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "'%s' of the mixture is a mixture again: list its sources beside the others",
                            source.name()));
        }
        return new Mixture.Part(source.name(), data, source.weight());
    }
}
