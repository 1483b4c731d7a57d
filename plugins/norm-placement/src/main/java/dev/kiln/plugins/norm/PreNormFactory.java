package dev.kiln.plugins.norm;

import dev.kiln.spi.Context;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.NormPlacementFactory;
import org.pf4j.Extension;

/** {@code pre}: x + sublayer(norm(x)), and a norm after the last block. */
@Extension
public final class PreNormFactory implements NormPlacementFactory<NoOptions> {

    @Override
    public String name() {
        return "pre";
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public NormPlacement create(NoOptions options, Context context) {
        return new PreNorm();
    }
}
