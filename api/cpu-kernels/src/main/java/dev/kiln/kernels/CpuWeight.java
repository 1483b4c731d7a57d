package dev.kiln.kernels;

import dev.kiln.spi.backend.Weight;
import java.util.Optional;

/**
 * A master and, if trainable, its gradient.
 *
 * @param packed what products in bfloat16 take
 */
record CpuWeight(
        String name, CpuTensor value, Optional<CpuTensor> gradientIfAny, PackedWeight packed)
        implements Weight {

    @Override
    public boolean trainable() {
        return gradientIfAny.isPresent();
    }

    @Override
    public CpuTensor gradient() {
        return gradientIfAny.orElseThrow(
                () -> new IllegalStateException("weight " + name + " is not trainable"));
    }
}
