package dev.kiln.plugins.listeners;

import dev.kiln.spi.Context;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.run.RunListener;
import dev.kiln.spi.run.RunListenerFactory;
import org.pf4j.Extension;

/** {@code jsonl}: every event as a line of JSON in the run folder's {@code metrics.jsonl}. */
@Extension
public final class JsonlFactory implements RunListenerFactory<NoOptions> {

    @Override
    public String name() {
        return "jsonl";
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public RunListener create(NoOptions options, Context context) {
        return new JsonlListener(context.runFolder().resolve("metrics.jsonl"));
    }
}
