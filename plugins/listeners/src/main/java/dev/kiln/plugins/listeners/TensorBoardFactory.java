package dev.kiln.plugins.listeners;

import dev.kiln.spi.Context;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.run.RunListenerFactory;
import org.pf4j.Extension;

/**
 * {@code tensorboard}: an event file in the run folder's {@code tensorboard/}, for {@code
 * tensorboard --logdir}.
 */
@Extension
public final class TensorBoardFactory implements RunListenerFactory<NoOptions> {

    @Override
    public String name() {
        return "tensorboard";
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public RunListener create(NoOptions options, Context context) {
        return new TensorBoardListener(context.runFolder().resolve("tensorboard"));
    }
}
