package ${package};

import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.Doc;
import dev.kiln.spi.data.DataSource;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunFactory;
import dev.kiln.spi.text.Tokenizer;
import org.pf4j.Extension;

/** {@code ${word}}: counts the tokens of a text. */
@Extension
public final class CountFactory implements RunFactory<CountFactory.Options> {

    /** The top level of the YAML file, beside run, seed and out. */
    public record Options(
            @Doc("what is counted") Choice<DataSource> data,
            @Doc("how text becomes tokens") Choice<Tokenizer> tokenizer) {}

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public Run create(Options options, Context context) {
        return new Count(
                options.data().create(context),
                options.tokenizer().create(context),
                context.runFolder());
    }
}
