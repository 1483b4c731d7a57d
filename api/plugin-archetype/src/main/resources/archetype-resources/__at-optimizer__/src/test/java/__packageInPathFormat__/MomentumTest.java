package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.testkit.OptimizerContract;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;
import java.util.Optional;

class MomentumTest extends OptimizerContract {

    @Override
    protected Optimizer optimizer() {
        return new MomentumFactory()
                .create(new MomentumFactory.Options(0.9), new FolderContext(1, Path.of("out")));
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new MomentumFactory());
    }
}
