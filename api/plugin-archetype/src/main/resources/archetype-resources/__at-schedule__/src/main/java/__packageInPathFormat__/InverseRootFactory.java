package ${package};

import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.training.Schedule;
import dev.kiln.spi.training.ScheduleFactory;
import org.pf4j.Extension;

/** {@code ${word}}: up in a line, then down with the root of the step (Vaswani et al., 2017). */
@Extension
public final class InverseRootFactory implements ScheduleFactory<InverseRootFactory.Options> {

    /** What can be said in YAML. */
    public record Options(
            @Doc("the highest rate") @Default("1e-3") @Range(min = 0) double learningRate,
            @Doc("updates on the way up") @Default("100") @Range(min = 1) long warmUpSteps) {}

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public Schedule create(Options options, Context context) {
        double peak = options.warmUpSteps();
        return progress -> {
            double step = progress.step() + 1.0;
            return options.learningRate() * Math.min(step / peak, Math.sqrt(peak / step));
        };
    }
}
