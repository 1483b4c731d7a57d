package ${package};

import dev.kiln.spi.Factory;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.testkit.NormPlacementContract;
import java.util.Optional;

class SandwichTest extends NormPlacementContract {

    @Override
    protected NormPlacement placement() {
        return new Sandwich();
    }

    @Override
    public Optional<Factory<?, ?>> extension() {
        return Optional.of(new SandwichFactory());
    }
}
