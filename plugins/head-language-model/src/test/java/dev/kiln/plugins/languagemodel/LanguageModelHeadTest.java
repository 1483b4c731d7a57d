package dev.kiln.plugins.languagemodel;

import dev.kiln.spi.NoOptions;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.testkit.TaskHeadContract;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;

class LanguageModelHeadTest extends TaskHeadContract {

    @Override
    protected TaskHead head() {
        return new LanguageModelFactory()
                .create(new NoOptions(), new FolderContext(1, Path.of("")));
    }

    @Override
    protected boolean crossEntropy() {
        return true;
    }
}
