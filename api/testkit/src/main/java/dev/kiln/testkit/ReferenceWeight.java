package dev.kiln.testkit;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.Optional;

/** A master and, when trainable, its gradient; there is no second form to refresh. */
record ReferenceWeight(String name, Tensor value, Optional<Tensor> possibleGradient)
        implements Weight {
    @Override
    public boolean trainable() {
        return possibleGradient.isPresent();
    }

    @Override
    public Tensor gradient() {
        return possibleGradient.orElseThrow(
                () -> new IllegalStateException("weight " + name + " is not trainable"));
    }
}
