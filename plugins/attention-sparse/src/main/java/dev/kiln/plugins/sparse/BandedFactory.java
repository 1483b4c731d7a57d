package dev.kiln.plugins.sparse;

import dev.kiln.spi.Context;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.AttentionPatternFactory;
import dev.kiln.spi.attention.Banded;
import org.pf4j.Extension;

/**
 * {@code banded}: every position sees itself and the {@code window - 1} before it, the "locally
 * banded" attention that GPT-3 has in every other layer (Brown et al., 2020, section 2.1). The
 * paper does not say how wide the band is.
 */
@Extension
public final class BandedFactory implements AttentionPatternFactory<BandedOptions> {

    @Override
    public String name() {
        return "banded";
    }

    @Override
    public Class<BandedOptions> options() {
        return BandedOptions.class;
    }

    @Override
    public AttentionPattern create(BandedOptions options, Context context) {
        return (layer, queries, keys) -> {
            Rows.checkLayer(layer);
            return new Banded(queries, keys, options.window());
        };
    }
}
