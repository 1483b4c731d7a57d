package dev.kiln.plugins.gpt2;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.backend.Gelu;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Weights;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.DecoderStack;

/**
 * GPT-2 (Radford et al., 2019, section 2.3): pre-norm blocks, a final norm, and residual projections
 * whose init is scaled by 1/√N for N = 2 · layers residual layers. Deviations of the init and the
 * names of the weights are those of the released code and of its Hugging Face layout.
 */
record Gpt2(Gpt2Options options, AttentionPattern attention, NormPlacement norm)
        implements ModelFamily {
    private static final double DEVIATION = 0.02;
    private static final double POSITION_DEVIATION = 0.01;
    private static final double EPSILON = 1e-5;

    @Override
    public ModelShape shape(int vocabulary) {
        return new ModelShape(
                vocabulary, options.context(), options.layers(), options.heads(), options.width());
    }

    @Override
    public Model build(Weights weights, int vocabulary) {
        return new DecoderStack(
                weights,
                new DecoderSpec(
                        shape(vocabulary),
                        norm,
                        attention,
                        Gelu.TANH,
                        EPSILON,
                        DecoderSpec.Rates.all(options.dropout()),
                        inits(),
                        new DecoderSpec.Names("wte", "wpe", "ln_f")));
    }

    private DecoderSpec.Inits inits() {
        Init matrices = new Init.Normal(DEVIATION);
        Init residual = new Init.Normal(DEVIATION / Math.sqrt(2.0 * options.layers()));
        return new DecoderSpec.Inits(
                matrices, new Init.Normal(POSITION_DEVIATION), matrices, residual);
    }
}
