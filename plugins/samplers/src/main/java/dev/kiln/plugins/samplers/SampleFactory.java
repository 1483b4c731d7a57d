package dev.kiln.plugins.samplers;

import dev.kiln.spi.Context;
import dev.kiln.spi.generation.Sampler;
import dev.kiln.spi.generation.SamplerFactory;
import org.pf4j.Extension;

/** {@code sample}: a random token, after the less probable ones are taken out. */
@Extension
public final class SampleFactory implements SamplerFactory<SampleOptions> {

    @Override
    public String name() {
        return "sample";
    }

    @Override
    public Class<SampleOptions> options() {
        return SampleOptions.class;
    }

    @Override
    public Sampler create(SampleOptions options, Context context) {
        return new Sample(options);
    }
}
