package ${package};

import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.AttentionPatternFactory;
import dev.kiln.spi.attention.Banded;
import org.pf4j.Extension;

/** {@code ${word}}: each position sees itself and those just before it. */
@Extension
public final class RecentKeysFactory implements AttentionPatternFactory<RecentKeysFactory.Options> {

    /** What can be said in YAML. */
    public record Options(
            @Doc("how many positions are seen, the own one among them")
                    @Default("8")
                    @Range(min = 1)
                    int window) {}

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public AttentionPattern create(Options options, Context context) {
        return (layer, queries, keys) -> {
            if (layer < 0) {
                throw new IllegalArgumentException("expected layer >= 0, got " + layer);
            }
            return new Banded(queries, keys, options.window());
        };
    }
}
