package ${package};

import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.data.DataSourceFactory;
import org.pf4j.Extension;

/** {@code ${word}}: sums of two numbers, one a document. */
@Extension
public final class SumsFactory implements DataSourceFactory<SumsFactory.Options> {

    /** What can be said in YAML. */
    public record Options(
            @Doc("numbers are below this") @Default("100") @Range(min = 10, max = 10000)
                    int below) {}

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public DataSource create(Options options, Context context) {
        return new Sums(options.below());
    }
}
