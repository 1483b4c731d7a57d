package dev.kiln.spi.training;

import dev.kiln.spi.Stable;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.List;
import java.util.Map;

/** A rule that turns gradients into updates. Immutable and thread-safe until attached. */
@Stable
public interface Optimizer {

    /** Allocates the rule's state, zeroed, for trainable weights. */
    Attached attach(Backend backend, Scope scope, List<Weight> weights);

    /** The rule at work on a model's weights. Used by one thread. */
    @Stable
    interface Attached {

        /**
         * Updates every weight from its gradient, which is left as it is.
         *
         * @param step 1 at the first update
         * @param learningRate of this step
         * @param gradientScale what gradients are multiplied by first (clipping, accumulation)
         */
        void update(long step, double learningRate, double gradientScale);

        /** The state that a checkpoint keeps, by name; names hold the weights' names. */
        Map<String, Tensor> state();
    }
}
