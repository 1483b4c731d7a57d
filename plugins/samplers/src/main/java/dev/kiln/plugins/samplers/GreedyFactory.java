package dev.kiln.plugins.samplers;

import dev.kiln.spi.Context;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.generation.Sampler;
import dev.kiln.spi.generation.SamplerFactory;
import org.pf4j.Extension;

/** {@code greedy}: always the most probable token. */
@Extension
public final class GreedyFactory implements SamplerFactory<NoOptions> {

    @Override
    public String name() {
        return "greedy";
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public Sampler create(NoOptions options, Context context) {
        return Greedy.GREEDY;
    }
}
