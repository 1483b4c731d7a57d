package dev.kiln.plugins.gpt1;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.toolkit.DecoderFamily;
import dev.kiln.toolkit.DecoderSpec;

/**
 * GPT-1 (Radford et al., 2018, section 4.1): post-norm blocks and no norm after them, one deviation
 * for every random weight, and, as in the released code, dropout of the embedding tables themselves
 * rather than of what is looked up, which a tied output projection shares. The names of the weights
 * are those of its Hugging Face form.
 */
record Gpt1(Gpt1Options options, AttentionPattern attention, NormPlacement norm)
        implements DecoderFamily {
    private static final double DEVIATION = 0.02;

    @Override
    public DecoderSpec spec(int vocabulary) {
        DecoderSpec.Inits init = DecoderSpec.Inits.all(DEVIATION);
        return new DecoderSpec(
                options.shape(vocabulary),
                norm,
                new DecoderSpec.SelfAttentionSpec(attention, true, options.attentionScale()),
                options.feedForwardSpec(),
                options.epsilon(),
                options.rates(),
                DecoderSpec.EmbeddingDropout.ON_TABLES,
                init,
                options.outputHead().init(init.tokens()),
                new DecoderSpec.Names("tokens_embed", "positions_embed", "ln_f"));
    }

    @Override
    public HuggingFaceModel huggingFace(int vocabulary) {
        return OpenAiGpt.LAYOUT.model(this, vocabulary);
    }
}
