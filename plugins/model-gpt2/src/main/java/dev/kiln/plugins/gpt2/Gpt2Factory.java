package dev.kiln.plugins.gpt2;

import dev.kiln.spi.Context;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelFamilyFactory;
import dev.kiln.toolkit.PatternCycle;
import org.pf4j.Extension;

/** {@code gpt2}: the model of Radford et al. (2019). */
@Extension
public final class Gpt2Factory implements ModelFamilyFactory<Gpt2Options> {

    @Override
    public String name() {
        return "gpt2";
    }

    @Override
    public Class<Gpt2Options> options() {
        return Gpt2Options.class;
    }

    @Override
    public ModelFamily create(Gpt2Options options, Context context) {
        PatternCycle attention =
                new PatternCycle(
                        options.attention().stream()
                                .map(choice -> choice.create(context))
                                .toList());
        return new Gpt2(options, attention, options.norm().create(context));
    }
}
