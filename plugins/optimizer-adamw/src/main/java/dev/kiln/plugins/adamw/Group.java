package dev.kiln.plugins.adamw;

import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.List;
import java.util.Map;

/** Weights of one decay, with their moments in the same order. */
sealed interface Group permits WideGroup, CompactGroup {
    List<Weight> weights();

    double weightDecay();

    void update(Backend backend, AdamWStep step);

    /** Adds what a checkpoint keeps, by name. */
    void addState(Map<String, Tensor> state);
}
