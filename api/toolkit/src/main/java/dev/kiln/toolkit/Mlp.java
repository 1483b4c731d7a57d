package dev.kiln.toolkit;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;

/**
 * The position-wise feed-forward layer: {@code c_fc} to its own width, mostly four times the
 * model's, the activation function, {@code c_proj} back, dropout. Used by one thread at a time.
 */
public final class Mlp {
    private final Linear expand;
    private final Linear contract;
    private final ActivationFunction activation;
    private final double residualDropout;

    Mlp(Weights weights, DecoderSpec spec) {
        int width = spec.shape().width();
        int inner = spec.feedForward().width();
        expand = new Linear(weights.in("c_fc"), width, inner, spec.init().matrices());
        contract = new Linear(weights.in("c_proj"), inner, width, spec.init().residual());
        activation = spec.feedForward().activation();
        residualDropout = spec.dropout().residual();
    }

    /** [B, T, C] to [B, T, C]. */
    public Tensor apply(Ops ops, Tensor x) {
        Tensor expanded = expand.applyActivation(ops, x, activation); // (B, T, inner)
        return ops.dropout(contract.apply(ops, expanded), residualDropout);
    }
}
