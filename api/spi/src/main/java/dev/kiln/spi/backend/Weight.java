package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/**
 * A parameter of a model, made by {@link Backend#weight}. It has a float32 master; a backend may
 * keep a form of its own beside it (packed, bfloat16) and refreshes that when the master changes:
 * inside its optimizer kernels, or when told by {@link Backend#refresh}.
 */
@Stable
public interface Weight {
    /** The name in a checkpoint, for example {@code h.0.attn.c_attn.weight}. */
    String name();

    /** The float32 master. */
    Tensor value();

    /** Whether there is a gradient. */
    boolean trainable();

    /**
     * The float32 gradient, of the master's shape, which backward kernels add to.
     *
     * @throws IllegalStateException when the weight is not trainable
     */
    Tensor gradient();

    default Shape shape() {
        return value().shape();
    }
}
