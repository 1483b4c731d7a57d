package ${package};

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Weights;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.DecoderStack;

/** The toolkit's stack of blocks, with its parts chosen. */
record Decoder(DecoderFactory.Options options, AttentionPattern attention, NormPlacement norm)
        implements ModelFamily {
    private static final int HEAD_SIZE = 8;

    @Override
    public ModelShape shape(int vocabulary) {
        return new ModelShape(
                vocabulary,
                options.context(),
                options.layers(),
                options.heads(),
                HEAD_SIZE * options.heads());
    }

    @Override
    public Model build(Weights weights, int vocabulary) {
        return new DecoderStack(
                weights,
                new DecoderSpec(
                        shape(vocabulary),
                        norm,
                        attention,
                        ActivationFunction.GELU_TANH,
                        1e-5,
                        DecoderSpec.Rates.all(0),
                        DecoderSpec.Inits.scaled(0.02, 0.01, options.layers()),
                        new DecoderSpec.Names("tokens", "positions", "norm")));
    }
}
