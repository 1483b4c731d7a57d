package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/**
 * A lifetime for tensors. Closing gives their memory back to the backend, which keeps it for the
 * next scope: a step that repeats allocates nothing new. Used by one thread at a time.
 */
@Stable
public interface Scope extends AutoCloseable {

    /**
     * A tensor with undefined contents, valid until it is released or this scope closes.
     *
     * @throws dev.kiln.spi.InvalidInput when the backend does not have this type, or its memory is
     *     used up; the message says how much was asked for
     */
    Tensor allocate(DType type, Shape shape);

    /** Gives one tensor of this scope back before the scope ends. */
    void release(Tensor tensor);

    /** Gives all tensors of this scope back. Closing again does nothing. */
    @Override
    void close();
}
