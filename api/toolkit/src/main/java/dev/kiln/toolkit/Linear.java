package dev.kiln.toolkit;

import dev.kiln.spi.backend.Gelu;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;

/**
 * An affine map of the last dimension, x · weight + bias, with weight [in, out] as GPT-1's and
 * GPT-2's files store it. Used by one thread at a time.
 */
public final class Linear {
    private final Weight weight;
    private final Weight bias;

    /**
     * @param weights where {@code weight} and {@code bias} (zeros) are created
     */
    public Linear(Weights weights, int in, int out, Init init) {
        weight = weights.create("weight", Shape.of(in, out), init);
        bias = weights.create("bias", Shape.of(out), Init.ZEROS);
    }

    /** [..., in] to [..., out]. */
    public Tensor apply(Ops ops, Tensor x) {
        return ops.linear(x, weight, bias);
    }

    /** [..., in] to gelu of [..., out]. */
    public Tensor applyGelu(Ops ops, Tensor x, Gelu form) {
        return ops.linearGelu(x, weight, bias, form);
    }
}
