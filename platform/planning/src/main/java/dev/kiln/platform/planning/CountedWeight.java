package dev.kiln.platform.planning;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;

/**
 * A weight without elements.
 *
 * @param gradient of a weight that is not trained, one that takes no memory
 */
record CountedWeight(String name, Tensor value, Tensor gradient, boolean trainable)
        implements Weight {}
