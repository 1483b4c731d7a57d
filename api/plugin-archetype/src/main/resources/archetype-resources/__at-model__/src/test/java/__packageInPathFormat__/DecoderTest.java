package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.testkit.ModelFamilyContract;
import dev.kiln.testkit.fixtures.FixedChoice;
import dev.kiln.testkit.fixtures.FolderContext;
import dev.kiln.testkit.fixtures.PreNorm;
import java.nio.file.Path;
import java.util.Optional;

class DecoderTest extends ModelFamilyContract {

    @Override
    protected ModelFamily family() {
        var options =
                new DecoderFactory.Options(
                        2,
                        2,
                        12,
                        new FixedChoice<>("dense", (layer, queries, keys) -> new Causal(queries, keys)),
                        new FixedChoice<>("pre", new PreNorm()));
        return new DecoderFactory().create(options, new FolderContext(1, Path.of("out")));
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new DecoderFactory());
    }
}
