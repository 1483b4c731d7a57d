package org.example.counting;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.backend.Availability;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.BackendFactory;
import org.pf4j.Extension;

/** {@code counting}: another backend computes, and the calls go to a file of the run folder. */
@Extension
public final class CountingFactory implements BackendFactory<CountingFactory.Options> {

    /** What can be said in YAML. */
    public record Options(
            @Doc("what computes") @Default("auto") Choice<Backend> inner,
            @Doc("where the counts go, in the run folder") @Default("kernels.txt") String file) {}

    @Override
    public String name() {
        return "counting";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    /** Rank 0 is below all that compute, so {@code backend: auto} never takes this one. */
    @Override
    public Availability availability() {
        return new Availability(true, 0, "runs where another backend does");
    }

    @Override
    public Backend create(Options options, Context context) {
        return Counting.around(
                options.inner().create(context), context.runFolder().resolve(options.file()));
    }
}
