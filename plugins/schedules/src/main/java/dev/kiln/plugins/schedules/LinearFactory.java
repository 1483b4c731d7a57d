package dev.kiln.plugins.schedules;

import dev.kiln.spi.Context;
import dev.kiln.spi.training.Schedule;
import dev.kiln.spi.training.ScheduleFactory;
import org.pf4j.Extension;

/**
 * {@code linear}: warm-up, then a straight line down, {@code 1 - share}; {@link WarmUpThenDecay}
 * has the formula.
 */
@Extension
public final class LinearFactory implements ScheduleFactory<LinearOptions> {

    @Override
    public String name() {
        return "linear";
    }

    @Override
    public Class<LinearOptions> options() {
        return LinearOptions.class;
    }

    @Override
    public Schedule create(LinearOptions options, Context context) {
        return options.schedule(share -> 1 - share);
    }
}
