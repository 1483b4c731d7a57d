package dev.kiln.plugins.gpt2;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Range;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.toolkit.ActivationOption;
import dev.kiln.toolkit.AttentionScale;
import dev.kiln.toolkit.DecoderOptions;
import dev.kiln.toolkit.GeluForm;
import dev.kiln.toolkit.OutputHead;
import java.util.List;
import java.util.Optional;

/** The options of {@code gpt2}. The defaults are the smallest published model, 124 M parameters. */
public record Gpt2Options(
        @Doc("number of blocks") @Default("12") @Range(min = 1, max = 10_000) int layers,
        @Doc("attention heads of a block; must divide width") @Default("12") @Range(min = 1)
                int heads,
        @Doc("width of the hidden states, at most 65,536") @Default("768") @Range(min = 1)
                int width,
        @Doc("longest sequence, in tokens") @Default("1024") @Range(min = 1) int context,
        @Doc("dropout on embeddings, attention weights and sublayer outputs")
                @Default("0.1")
                @Range(min = 0, max = 0.999)
                double dropout,
        @Doc("dropout on embeddings, if not the same") @Range(min = 0, max = 0.999)
                Optional<Double> embeddingDropout,
        @Doc("dropout on attention weights, if not the same") @Range(min = 0, max = 0.999)
                Optional<Double> attentionDropout,
        @Doc("dropout on sublayer outputs, if not the same") @Range(min = 0, max = 0.999)
                Optional<Double> residualDropout,
        @Doc("which keys each query sees; with several, layers take turns") @Default("dense")
                List<Choice<AttentionPattern>> attention,
        @Doc("where the layer norms stand") @Default("pre") Choice<NormPlacement> norm,
        @Doc("added to the variance in layer norms") @Default("1e-5") @Range(min = 0, max = 1)
                double epsilon,
        @Doc("width of the feed-forward layers; leaving it out means four times width")
                @Range(min = 1, max = DecoderOptions.MAX_FEED_FORWARD)
                Optional<Integer> feedForward,
        @Doc("activation function of the feed-forward layers") @Default("gelu")
                ActivationOption activation,
        @Doc("form of GELU, where that is the activation function") @Default("tanh") GeluForm gelu,
        @Doc(
                        "factor of the attention scores: head is 1/√(width / heads), layer is 1 over"
                                + " the layer's number from 1 on, head-and-layer is both, none is 1")
                @Default("head")
                AttentionScale attentionScale,
        @Doc("whether the output projection is the token embedding or a table of its own")
                @Default("tied")
                OutputHead outputHead)
        implements DecoderOptions {

    public Gpt2Options {
        DecoderOptions.check(heads, width, attention);
    }
}
