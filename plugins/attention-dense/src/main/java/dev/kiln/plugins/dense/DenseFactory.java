package dev.kiln.plugins.dense;

import dev.kiln.spi.Context;
import dev.kiln.spi.NoOptions;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.AttentionPatternFactory;
import dev.kiln.spi.attention.Causal;
import org.pf4j.Extension;

/** {@code dense}: every position sees itself and all before it. */
@Extension
public final class DenseFactory implements AttentionPatternFactory<NoOptions> {

    @Override
    public String name() {
        return "dense";
    }

    @Override
    public Class<NoOptions> options() {
        return NoOptions.class;
    }

    @Override
    public AttentionPattern create(NoOptions options, Context context) {
        return DenseFactory::layout;
    }

    private static AttentionLayout layout(int layer, int queries, int keys) {
        if (layer < 0) {
            throw new IllegalArgumentException("expected layer >= 0, got " + layer);
        }
        return new Causal(queries, keys);
    }
}
