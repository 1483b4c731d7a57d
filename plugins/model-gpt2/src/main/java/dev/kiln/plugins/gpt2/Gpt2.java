package dev.kiln.plugins.gpt2;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.toolkit.DecoderFamily;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.huggingface.FusedLayout;

/**
 * GPT-2 (Radford et al., 2019, section 2.3): pre-norm blocks, a final norm, and residual projections
 * whose init is scaled by 1/√N for N = 2 · layers residual layers. Deviations of the init and the
 * names of the weights are those of the released code and of its Hugging Face form.
 */
record Gpt2(Gpt2Options options, AttentionPattern attention, NormPlacement norm)
        implements DecoderFamily {
    private static final double DEVIATION = 0.02;
    private static final double POSITION_DEVIATION = 0.01;

    @Override
    public DecoderSpec spec(int vocabulary) {
        DecoderSpec.Inits init =
                DecoderSpec.Inits.scaled(DEVIATION, POSITION_DEVIATION, options.layers());
        return new DecoderSpec(
                options.shape(vocabulary),
                norm,
                new DecoderSpec.SelfAttentionSpec(attention, true, options.attentionScale()),
                options.feedForwardSpec(),
                options.epsilon(),
                options.rates(),
                DecoderSpec.EmbeddingDropout.ON_SUM,
                init,
                options.outputHead().init(init.tokens()),
                new DecoderSpec.Names("wte", "wpe", "ln_f"));
    }

    @Override
    public HuggingFaceModel huggingFace(int vocabulary) {
        return FusedLayout.GPT2.model(this, vocabulary);
    }
}
