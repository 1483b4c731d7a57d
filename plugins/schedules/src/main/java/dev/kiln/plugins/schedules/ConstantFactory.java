package dev.kiln.plugins.schedules;

import dev.kiln.spi.Context;
import dev.kiln.spi.training.Schedule;
import dev.kiln.spi.training.ScheduleFactory;
import java.util.Optional;
import org.pf4j.Extension;

/** {@code constant}: warm-up, then one rate to the end. */
@Extension
public final class ConstantFactory implements ScheduleFactory<ConstantOptions> {

    @Override
    public String name() {
        return "constant";
    }

    @Override
    public Class<ConstantOptions> options() {
        return ConstantOptions.class;
    }

    @Override
    public Schedule create(ConstantOptions options, Context context) {
        Span span =
                Span.of(
                        options.warmUpSteps(),
                        options.warmUpTokens(),
                        Optional.empty(),
                        Optional.empty());
        double rate = options.learningRate();
        return new WarmUpThenDecay(rate, rate, span, share -> 1);
    }
}
