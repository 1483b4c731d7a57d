package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.training.Schedule;
import dev.kiln.testkit.ScheduleContract;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;
import java.util.Optional;

class InverseRootTest extends ScheduleContract {

    @Override
    protected Schedule schedule() {
        return new InverseRootFactory()
                .create(
                        new InverseRootFactory.Options(1e-3, 10),
                        new FolderContext(1, Path.of("out")));
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new InverseRootFactory());
    }
}
