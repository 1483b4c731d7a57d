package dev.kiln.toolkit;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;

/**
 * Layer normalization over the last dimension (Ba et al., 2016), with gain {@code weight} (ones) and
 * {@code bias} (zeros) of [width]. Used by one thread at a time.
 */
public final class LayerNorm {
    private final Weight gain;
    private final Weight bias;
    private final double epsilon;

    public LayerNorm(Weights weights, int width, double epsilon) {
        gain = weights.create("weight", Shape.of(width), Init.ONES);
        bias = weights.create("bias", Shape.of(width), Init.ZEROS);
        this.epsilon = epsilon;
    }

    /** [..., width] to the same shape. */
    public Tensor apply(Ops ops, Tensor x) {
        return ops.layerNorm(x, gain, bias, epsilon);
    }
}
