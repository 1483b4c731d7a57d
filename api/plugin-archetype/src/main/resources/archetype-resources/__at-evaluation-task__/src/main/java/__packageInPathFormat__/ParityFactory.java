package ${package};

import dev.kiln.spi.Context;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.spi.evaluation.EvalTaskFactory;
import org.pf4j.Extension;

/** {@code ${word}}: is a number even or odd? */
@Extension
public final class ParityFactory implements EvalTaskFactory<NoOptions> {

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public EvalTask create(NoOptions options, Context context) {
        return new Parity();
    }
}
