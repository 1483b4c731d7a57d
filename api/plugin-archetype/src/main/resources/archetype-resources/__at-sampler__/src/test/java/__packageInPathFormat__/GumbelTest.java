package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.generation.Sampler;
import dev.kiln.testkit.SamplerContract;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;
import java.util.Optional;

class GumbelTest extends SamplerContract {

    @Override
    protected Sampler sampler() {
        return new GumbelFactory()
                .create(new GumbelFactory.Options(1), new FolderContext(1, Path.of("out")));
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new GumbelFactory());
    }
}
