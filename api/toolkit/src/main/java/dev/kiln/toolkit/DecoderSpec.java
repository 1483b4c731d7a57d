package dev.kiln.toolkit;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.backend.Gelu;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Weights;

/**
 * Everything in which decoder-only Transformers of the GPT series differ. Immutable.
 *
 * @param pattern which keys each query sees, per layer
 * @param epsilon of the layer norms
 */
public record DecoderSpec(
        ModelShape shape,
        NormPlacement placement,
        AttentionPattern pattern,
        Gelu gelu,
        double epsilon,
        Rates dropout,
        Inits init,
        Names names) {

    /**
     * @throws IllegalArgumentException when the heads do not divide the width
     */
    public DecoderSpec {
        if (shape.width() % shape.heads() != 0) {
            throw new IllegalArgumentException(
                    "heads must divide width, got heads="
                            + shape.heads()
                            + ", width="
                            + shape.width());
        }
    }

    LayerNorm norm(Weights weights) {
        return new LayerNorm(weights, shape.width(), epsilon);
    }

    /**
     * Dropout rates in [0, 1).
     *
     * @param embedding on the sum of token and position embedding
     * @param attention on the attention weights
     * @param residual on each sublayer's output
     */
    public record Rates(double embedding, double attention, double residual) {
        /** One rate everywhere. */
        public static Rates all(double rate) {
            return new Rates(rate, rate, rate);
        }
    }

    /**
     * How weights are filled; biases are zeros, gains ones.
     *
     * @param residual for the two projections of a block that write to the residual stream
     */
    public record Inits(Init tokens, Init positions, Init matrices, Init residual) {}

    /** What checkpoints call the embeddings and the final norm. */
    public record Names(String tokens, String positions, String finalNorm) {}
}
