package dev.kiln.plugins.listeners;

import dev.kiln.spi.Context;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.run.RunListenerFactory;
import org.pf4j.Extension;

/**
 * {@code plot}: the loss over the tokens, as the run folder's {@code loss.png}, and its points as
 * {@code loss.csv}.
 */
@Extension
public final class PlotFactory implements RunListenerFactory<NoOptions> {

    @Override
    public String name() {
        return "plot";
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public RunListener create(NoOptions options, Context context) {
        return new PlotListener(context.runFolder());
    }
}
