package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/**
 * What a model computes in. Weights have float32 masters, their gradients and the optimizer's state
 * are float32, and so are losses, in either (Micikevicius et al., 2018, section 3).
 */
@Stable
public enum Precision {
    /** Everything in float32. */
    FLOAT32(DType.FLOAT32),
    /** Activations, their gradients and the factors of products in bfloat16. */
    BFLOAT16(DType.BFLOAT16);

    private final DType activations;

    Precision(DType activations) {
        this.activations = activations;
    }

    /** The type of activations and of their gradients. */
    public DType activations() {
        return activations;
    }
}
