package dev.kiln.plugins.norm;

import dev.kiln.spi.Context;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.NormPlacementFactory;
import org.pf4j.Extension;

/** {@code post}: norm(x + sublayer(x)), and no norm after the last block. */
@Extension
public final class PostNormFactory implements NormPlacementFactory<NoOptions> {

    @Override
    public String name() {
        return "post";
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public NormPlacement create(NoOptions options, Context context) {
        return new PostNorm();
    }
}
