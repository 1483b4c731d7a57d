package ${package};

import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelFamilyFactory;
import dev.kiln.spi.model.NormPlacement;
import org.pf4j.Extension;

/** {@code ${word}}: a decoder whose heads are all of 8 dimensions. */
@Extension
public final class DecoderFactory implements ModelFamilyFactory<DecoderFactory.Options> {

    /** What can be said in YAML. */
    public record Options(
            @Doc("number of blocks") @Default("2") @Range(min = 1, max = 1000) int layers,
            @Doc("attention heads of a block, each of 8 dimensions")
                    @Default("2")
                    @Range(min = 1, max = 1000)
                    int heads,
            @Doc("longest sequence, in tokens") @Default("64") @Range(min = 1) int context,
            @Doc("which keys each query sees") @Default("dense") Choice<AttentionPattern> attention,
            @Doc("where the layer norms stand") @Default("pre") Choice<NormPlacement> norm) {}

    @Override
    public String name() {
        return "${word}";
    }

    @Override
    public Class<Options> options() {
        return Options.class;
    }

    @Override
    public ModelFamily create(Options options, Context context) {
        return new Decoder(
                options,
                options.attention().create(context),
                options.norm().create(context));
    }
}
