package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.evaluation.EvalTask;
import dev.kiln.testkit.EvalTaskContract;
import java.util.Optional;

class ParityTest extends EvalTaskContract {

    @Override
    protected EvalTask task() {
        return new Parity();
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new ParityFactory());
    }
}
