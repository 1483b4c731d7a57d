package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.testkit.TaskHeadContract;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;
import java.util.Optional;

class OwnTableTest extends TaskHeadContract {

    @Override
    protected TaskHead head() {
        return new OwnTableFactory()
                .create(new OwnTableFactory.Options(0.5), new FolderContext(1, Path.of("out")));
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new OwnTableFactory());
    }
}
