package ${package};

import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.backend.Availability;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.BackendFactory;
import org.pf4j.Extension;

/** {@code ${word}}: lets another backend compute, and says what took longest. */
@Extension
public final class TimedFactory implements BackendFactory<TimedFactory.Options> {

    /** What can be said in YAML. */
    public record Options(
            @Doc("what computes") @Default("auto") Choice<Backend> inner) {}

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    /** Below all others, so that {@code backend: auto} never takes it. */
    @Override
    public Availability availability() {
        return new Availability(true, 0, "runs where another backend does");
    }

    @Override
    public Backend create(Options options, Context context) {
        return Timed.around(options.inner().create(context));
    }
}
