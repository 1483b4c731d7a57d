package dev.kiln.platform.training;

import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.autograd.FiniteOps;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds the first tensor that is not finite after a step that went wrong. */
final class Divergence {
    private Divergence() {}

    /**
     * Looks at the weights, then at every output of the forward pass, then at the gradients, each in
     * the model's order.
     *
     * @param batch the batch whose loss was not finite
     */
    static String firstTensor(Trainee trainee, Batch batch, Scope scope) {
        return weights(trainee.backend(), trainee.parameters().all())
                .or(() -> activations(trainee, batch, scope))
                .or(() -> gradients(trainee))
                .orElse("the loss itself");
    }

    /** The first weight that is not finite. */
    static Optional<String> weights(Backend backend, List<Weight> weights) {
        return first(backend, weights, Weight::value);
    }

    private static Optional<String> gradients(Trainee trainee) {
        return first(trainee.backend(), trainee.parameters().all(), Weight::gradient)
                .map(name -> "gradient of " + name);
    }

    private static Optional<String> first(
            Backend backend, List<Weight> weights, Function<Weight, Tensor> part) {
        return weights.stream()
                .filter(weight -> !backend.isFinite(part.apply(weight)))
                .findFirst()
                .map(Weight::name);
    }

    private static Optional<String> activations(Trainee trainee, Batch batch, Scope scope) {
        DirectOps ops =
                new FiniteOps(
                        trainee.backend(),
                        scope,
                        trainee.language().precision(),
                        trainee.language().layouts());
        try {
            trainee.model().hidden(ops, batch.ids(), batch.positions());
            return Optional.empty();
        } catch (FiniteOps.NotFinite found) {
            return Optional.of(found.getMessage());
        }
    }
}
