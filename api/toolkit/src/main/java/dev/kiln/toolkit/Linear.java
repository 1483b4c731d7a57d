package dev.kiln.toolkit;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;
import java.util.Optional;

/**
 * A map of the last dimension, x · weight, mostly + bias, with weight [in, out] as GPT-1's and
 * GPT-2's files store it. Used by one thread at a time.
 */
public final class Linear {
    private final Weight weight;
    private final Optional<Weight> bias;

    /**
     * @param weights where {@code weight} and {@code bias} (zeros) are created
     */
    public Linear(Weights weights, int in, int out, Init init) {
        this(weights, in, out, init, true);
    }

    /**
     * @param weights where {@code weight} is created, and {@code bias} (zeros) if it has one
     */
    public Linear(Weights weights, int in, int out, Init init, boolean hasBias) {
        weight = weights.create("weight", Shape.of(in, out), init);
        bias =
                hasBias
                        ? Optional.of(weights.create("bias", Shape.of(out), Init.ZEROS))
                        : Optional.empty();
    }

    /** [..., in] to [..., out]. */
    public Tensor apply(Ops ops, Tensor x) {
        return bias.isPresent() ? ops.linear(x, weight, bias.get()) : ops.linear(x, weight);
    }

    /** [..., in] to an activation function of [..., out]. */
    public Tensor applyActivation(Ops ops, Tensor x, ActivationFunction function) {
        return bias.isPresent()
                ? ops.linearActivation(x, weight, bias.get(), function)
                : ops.activation(ops.linear(x, weight), function);
    }
}
