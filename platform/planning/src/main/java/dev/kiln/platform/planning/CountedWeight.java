package dev.kiln.platform.planning;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;

/** A weight without elements. */
record CountedWeight(String name, Tensor value, Tensor gradient) implements Weight {

    @Override
    public boolean trainable() {
        return true;
    }
}
