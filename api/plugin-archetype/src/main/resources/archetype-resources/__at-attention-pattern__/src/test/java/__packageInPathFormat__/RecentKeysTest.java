package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.testkit.AttentionPatternContract;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;
import java.util.Optional;

class RecentKeysTest extends AttentionPatternContract {
    private final RecentKeysFactory factory = new RecentKeysFactory();

    @Override
    protected AttentionPattern pattern() {
        return factory.create(
                new RecentKeysFactory.Options(5), new FolderContext(1, Path.of("out")));
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(factory);
    }
}
