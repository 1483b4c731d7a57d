package dev.kiln.plugins.gpt3;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.toolkit.DecoderFamily;
import dev.kiln.toolkit.DecoderSpec;
import dev.kiln.toolkit.huggingface.FusedLayout;
import dev.kiln.toolkit.huggingface.Windows;
import java.util.OptionalInt;

/**
 * GPT-3 (Brown et al., 2020, section 2.1): GPT-2 with twice the context, whose layers attend to all
 * keys and to a band of them in turn.
 */
record Gpt3(Gpt3Options options, AttentionPattern attention, NormPlacement norm)
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
                new DecoderSpec.SelfAttentionSpec(
                        attention, options.qkvBias(), options.attentionScale()),
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
        boolean dense = Windows.of(spec(vocabulary)).stream().allMatch(OptionalInt::isEmpty);
        if (options.qkvBias() && !dense) {
            throw new InvalidInput(
                    "qkvBias: the Hugging Face form with local attention, gpt_neo, has no biases of"
                            + " query, key and value; expected qkvBias: false, or attention: dense"
                            + " for the form gpt2");
        }
        return options.qkvBias()
                ? FusedLayout.GPT2.model(this, vocabulary)
                : GptNeo.model(this, vocabulary);
    }
}
