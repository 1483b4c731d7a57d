package dev.kiln.platform.autograd.dryrun;

import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.Optional;

/** A weight without elements, which notes what it is used for. Used by one thread. */
final class CountedWeight implements Weight {
    private final String name;
    private final Tensor value;
    private final Tensor gradient;
    private final boolean trainable;
    private Optional<WeightRole> role = Optional.empty();

    /**
     * @param gradient of a weight that is not trained, one that takes no memory
     */
    CountedWeight(String name, Tensor value, Tensor gradient, boolean trainable) {
        this.name = name;
        this.value = value;
        this.gradient = gradient;
        this.trainable = trainable;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Shape shape() {
        return value.shape();
    }

    @Override
    public boolean trainable() {
        return trainable;
    }

    /** Whoever takes the master itself uses the weight in a way of its own. */
    @Override
    public Tensor value() {
        note(WeightRole.OTHER);
        return value;
    }

    @Override
    public Tensor gradient() {
        return gradient;
    }

    /** Another use. */
    void note(WeightRole use) {
        role = Optional.of(role.map(before -> before.and(use)).orElse(use));
    }

    /** What it was used for; OTHER if for nothing, or if it is no matrix. */
    WeightRole role() {
        return shape().rank() == 2 ? role.orElse(WeightRole.OTHER) : WeightRole.OTHER;
    }
}
