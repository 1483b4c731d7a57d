package dev.kiln.toolkit;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.Attention;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;

/**
 * Multi-head self-attention: the fused projection {@code c_attn} (query, key, value), attention over
 * the pattern's layout, the projection {@code c_proj}, dropout. Used by one thread at a time.
 */
public final class SelfAttention {
    private final Linear projection;
    private final Linear output;
    private final Attention attention;
    private final double residualDropout;

    SelfAttention(Weights weights, DecoderSpec spec, int layer) {
        int width = spec.shape().width();
        int attentionWidth = spec.shape().attentionWidth();
        projection =
                new Linear(
                        weights.in("c_attn"),
                        width,
                        3 * attentionWidth,
                        spec.init().matrices(),
                        spec.attention().qkvBias());
        output = new Linear(weights.in("c_proj"), attentionWidth, width, spec.init().residual());
        attention =
                new Attention(
                        layer,
                        spec.shape().heads(),
                        spec.attention().pattern(),
                        spec.attention().scale().factor(spec.shape().headSize(), layer),
                        spec.dropout().attention());
        residualDropout = spec.dropout().residual();
    }

    /** [B, T, C] to [B, T, C]. */
    public Tensor apply(Ops ops, Tensor x) {
        Tensor qkv = projection.apply(ops, x); // (B, T, 3A)
        Tensor mixed = ops.attention(qkv, attention); // (B, T, A)
        return ops.dropout(output.apply(ops, mixed), residualDropout);
    }
}
