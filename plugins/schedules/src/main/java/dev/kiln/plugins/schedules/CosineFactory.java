package dev.kiln.plugins.schedules;

import dev.kiln.spi.Context;
import dev.kiln.spi.training.Schedule;
import dev.kiln.spi.training.ScheduleFactory;
import org.pf4j.Extension;

/**
 * {@code cosine}: warm-up, then half a cosine down, {@code (1 + cos(π · share)) / 2} (Loshchilov
 * and Hutter, 2017, without restarts); {@link WarmUpThenDecay} has the formula.
 */
@Extension
public final class CosineFactory implements ScheduleFactory<CosineOptions> {

    @Override
    public String name() {
        return "cosine";
    }

    @Override
    public Class<CosineOptions> options() {
        return CosineOptions.class;
    }

    @Override
    public Schedule create(CosineOptions options, Context context) {
        return options.schedule(share -> 0.5 * (1 + Math.cos(Math.PI * share)));
    }
}
