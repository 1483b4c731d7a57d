package org.example.dilated;

import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.AttentionPatternFactory;
import org.pf4j.Extension;

/** {@code dilated}: a few keys, each so many positions behind the one before it. */
@Extension
public final class DilatedFactory implements AttentionPatternFactory<DilatedFactory.Options> {

    /** What can be said in YAML. */
    public record Options(
            @Doc("positions from a key to the next one") @Default("4") @Range(min = 1) int dilation,
            @Doc("keys that a position sees, itself among them")
                    @Default("32")
                    @Range(min = 1, max = 4096)
                    int count) {}

    @Override
    public String name() {
        return "dilated";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public AttentionPattern create(Options options, Context context) {
        return new Dilated(options.dilation(), options.count());
    }
}
