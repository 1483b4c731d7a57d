package dev.kiln.toolkit;

import dev.kiln.spi.backend.Gelu;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;

/**
 * The position-wise feed-forward layer: {@code c_fc} to four times the width, GELU, {@code c_proj}
 * back, dropout. Used by one thread at a time.
 */
public final class Mlp {
    private final Linear expand;
    private final Linear contract;
    private final Gelu gelu;
    private final double residualDropout;

    Mlp(Weights weights, DecoderSpec spec) {
        int width = spec.shape().width();
        expand = new Linear(weights.in("c_fc"), width, 4 * width, spec.init().matrices());
        contract = new Linear(weights.in("c_proj"), 4 * width, width, spec.init().residual());
        gelu = spec.gelu();
        residualDropout = spec.dropout().residual();
    }

    /** [B, T, C] to [B, T, C]. */
    public Tensor apply(Ops ops, Tensor x) {
        Tensor expanded = expand.applyGelu(ops, x, gelu); // (B, T, 4C)
        return ops.dropout(contract.apply(ops, expanded), residualDropout);
    }
}
