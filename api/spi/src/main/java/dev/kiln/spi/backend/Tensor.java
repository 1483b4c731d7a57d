package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/**
 * An opaque handle of a row-major, dense tensor in memory that a backend owns. Nothing outside that
 * backend may assume that the memory can be read from Java: see {@link Backend#upload} and {@link
 * Backend#download}. A handle is valid until its {@link Scope} is closed or it is released.
 */
@Stable
public interface Tensor {
    DType type();

    Shape shape();
}
