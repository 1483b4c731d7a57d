package dev.kiln.platform.training.loop;

import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.Ops;
import java.util.List;

/**
 * What a run minimizes: how a batch becomes losses. Used by one thread.
 *
 * @param <B> a batch on a backend
 */
@FunctionalInterface
public interface Objective<B> {

    /**
     * Runs the model over a batch. What is minimized is the sum of all elements of the losses, with
     * the weights that the batch gives them, which may be negative.
     *
     * @param ops those of the model that is trained, adapters included
     */
    List<Tensor> losses(Ops ops, B batch);
}
