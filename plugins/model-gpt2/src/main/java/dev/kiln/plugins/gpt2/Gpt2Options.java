package dev.kiln.plugins.gpt2;

import dev.kiln.spi.Choice;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Range;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.model.NormPlacement;
import java.util.List;

/** The options of {@code gpt2}. The defaults are the smallest published model, 124 M parameters. */
public record Gpt2Options(
        @Doc("number of blocks") @Default("12") @Range(min = 1) int layers,
        @Doc("attention heads of a block; must divide width") @Default("12") @Range(min = 1)
                int heads,
        @Doc("width of the hidden states") @Default("768") @Range(min = 1) int width,
        @Doc("longest sequence, in tokens") @Default("1024") @Range(min = 1) int context,
        @Doc("dropout on embeddings, attention weights and sublayer outputs")
                @Default("0.1")
                @Range(min = 0, max = 0.999)
                double dropout,
        @Doc("which keys each query sees; with several, layers take turns") @Default("dense")
                List<Choice<AttentionPattern>> attention,
        @Doc("where the layer norms stand") @Default("pre") Choice<NormPlacement> norm) {

    public Gpt2Options {
        if (width % heads != 0) {
            throw new InvalidInput(
                    "heads must divide width, got heads: " + heads + ", width: " + width);
        }
    }
}
