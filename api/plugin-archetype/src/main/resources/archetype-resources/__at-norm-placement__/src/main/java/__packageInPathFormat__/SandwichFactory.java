package ${package};

import dev.kiln.spi.Context;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.NormPlacementFactory;
import org.pf4j.Extension;

/** {@code ${word}}: a norm before each sublayer and another one behind it. */
@Extension
public final class SandwichFactory implements NormPlacementFactory<NoOptions> {

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public NormPlacement create(NoOptions options, Context context) {
        return new Sandwich();
    }
}
