package dev.kiln.plugins.adamw;

import dev.kiln.spi.Context;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.spi.training.OptimizerFactory;
import org.pf4j.Extension;

/** {@code adamw}: Adam with decoupled weight decay (Loshchilov and Hutter, 2019). */
@Extension
public final class AdamWFactory implements OptimizerFactory<AdamWOptions> {

    @Override
    public String name() {
        return "adamw";
    }

    @Override
    public Class<AdamWOptions> options() {
        return AdamWOptions.class;
    }

    @Override
    public Optimizer create(AdamWOptions options, Context context) {
        return new AdamW(options);
    }
}
