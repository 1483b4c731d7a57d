package dev.kiln.plugins.heads;

import dev.kiln.spi.model.TaskHead;
import dev.kiln.testkit.TaskHeadContract;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;

class SimilarityHeadTest extends TaskHeadContract {

    @Override
    protected TaskHead head() {
        return new SimilarityFactory()
                .create(new ClassesOptions(3, 0.1), new FolderContext(1, Path.of("")));
    }

    @Override
    protected int statesPerExample() {
        return 2;
    }
}
