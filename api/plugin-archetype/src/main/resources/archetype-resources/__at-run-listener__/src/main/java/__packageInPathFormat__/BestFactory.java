package ${package};

import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.run.RunListenerFactory;
import org.pf4j.Extension;

/** {@code ${word}}: keeps the lowest loss in a file of the run folder. */
@Extension
public final class BestFactory implements RunListenerFactory<BestFactory.Options> {

    /** What can be said in YAML. */
    public record Options(@Doc("name of the file") @Default("best.txt") String file) {}

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public RunListener create(Options options, Context context) {
        return new Best(context.runFolder().resolve(options.file()));
    }
}
