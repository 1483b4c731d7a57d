package ${package};

import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.spi.training.OptimizerFactory;
import org.pf4j.Extension;

/** {@code ${word}}: gradient descent with momentum. */
@Extension
public final class MomentumFactory implements OptimizerFactory<MomentumFactory.Options> {

    /** What can be said in YAML. */
    public record Options(
            @Doc("what is left of the velocity at each step")
                    @Default("0.9")
                    @Range(min = 0, max = 0.999)
                    double momentum) {}

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public Optimizer create(Options options, Context context) {
        return (backend, scope, weights) ->
                Momentum.zeroed(options.momentum(), backend, scope, weights);
    }
}
