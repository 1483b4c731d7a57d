package dev.kiln.toolkit;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.ModelShape;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Weights;
import java.util.Optional;

/**
 * Everything in which decoder-only Transformers of the GPT series differ. Immutable.
 *
 * @param epsilon of the layer norms
 * @param embeddingDropout what the embedding rate of {@code dropout} acts on
 * @param separateHead how the output projection {@code lm_head.weight} is filled; empty when the
 *     token embedding is the output projection
 */
public record DecoderSpec(
        ModelShape shape,
        NormPlacement placement,
        SelfAttentionSpec attention,
        FeedForward feedForward,
        double epsilon,
        Rates dropout,
        EmbeddingDropout embeddingDropout,
        Inits init,
        Optional<Init> separateHead,
        Names names) {

    /**
     * @throws IllegalArgumentException when the heads do not divide the attention's width
     */
    public DecoderSpec {
        if (shape.attentionWidth() % shape.heads() != 0) {
            throw new IllegalArgumentException(
                    "heads must divide width, got heads="
                            + shape.heads()
                            + ", width="
                            + shape.attentionWidth());
        }
    }

    /**
     * With every bias, scores scaled by the head's width, a feed-forward layer of four times the
     * width, dropout on the sum of the embeddings, and a tied output projection.
     */
    public DecoderSpec(
            ModelShape shape,
            NormPlacement placement,
            AttentionPattern pattern,
            ActivationFunction activation,
            double epsilon,
            Rates dropout,
            Inits init,
            Names names) {
        this(
                shape,
                placement,
                new SelfAttentionSpec(pattern, true, AttentionScale.HEAD),
                FeedForward.usual(shape.width(), activation),
                epsilon,
                dropout,
                EmbeddingDropout.ON_SUM,
                init,
                Optional.empty(),
                names);
    }

    LayerNorm norm(Weights weights) {
        return new LayerNorm(weights, shape.width(), epsilon);
    }

    /**
     * Self-attention in all layers.
     *
     * @param pattern which keys each query sees, per layer
     * @param qkvBias whether the projection to query, key and value has a bias
     */
    public record SelfAttentionSpec(
            AttentionPattern pattern, boolean qkvBias, AttentionScale scale) {}

    /**
     * Dropout rates in [0, 1).
     *
     * @param embedding on the embeddings
     * @param attention on the attention weights
     * @param residual on each sublayer's output
     */
    public record Rates(double embedding, double attention, double residual) {
        /** One rate everywhere. */
        public static Rates all(double rate) {
            return new Rates(rate, rate, rate);
        }
    }

    /** What dropout of the embeddings acts on. */
    public enum EmbeddingDropout {
        /** The sum of token and position embedding: GPT-2's code and transformers. */
        ON_SUM,
        /**
         * The two tables before anything is looked up, so that all uses of a row lose the same
         * elements, those as a tied output projection too: GPT-1's released code.
         */
        ON_TABLES
    }

    /**
     * How weights are filled; biases are zeros, gains ones.
     *
     * @param residual for the two projections of a block that write to the residual stream
     */
    public record Inits(Init tokens, Init positions, Init matrices, Init residual) {
        /** One deviation for all. */
        public static Inits all(double deviation) {
            Init init = new Init.Normal(deviation);
            return new Inits(init, init, init, init);
        }

        /**
         * One deviation for all but the positions, and what adds to the residual stream scaled by
         * 1/√N for N = 2 · layers (Radford et al., 2019, section 2.3).
         */
        public static Inits scaled(double deviation, double positions, int layers) {
            Init init = new Init.Normal(deviation);
            Init residual = new Init.Normal(deviation / Math.sqrt(2.0 * layers));
            return new Inits(init, new Init.Normal(positions), init, residual);
        }
    }

    /** What checkpoints call the embeddings and the final norm. */
    public record Names(String tokens, String positions, String finalNorm) {}
}
