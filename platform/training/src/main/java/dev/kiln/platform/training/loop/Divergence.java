package dev.kiln.platform.training.loop;

import dev.kiln.platform.autograd.FiniteOps;
import dev.kiln.platform.training.trainee.Trainee;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the first tensor that is not finite after a step that went wrong.
 *
 * @param <B> a batch on a backend
 */
record Divergence<B>(Trainee trainee, Objective<B> objective) {

    /**
     * Looks at the weights, then at every output of the forward pass of each batch, then at the
     * gradients, each in the model's order.
     *
     * @param update whose loss or gradient was not finite
     */
    String firstTensor(Update<B> update) {
        return weights(trainee)
                .or(() -> activations(update))
                .or(this::gradients)
                .orElse("the loss itself");
    }

    /** The first weight that is not finite, adapters' among them. */
    static Optional<String> weights(Trainee trainee) {
        return first(trainee.backend(), trainee.parameters().all(), Weight::value)
                .or(() -> first(trainee.backend(), trainee.trained(), Weight::value));
    }

    private Optional<String> gradients() {
        return first(trainee.backend(), trainee.trained(), Weight::gradient)
                .map(name -> "gradient of " + name);
    }

    private static Optional<String> first(
            Backend backend, List<Weight> weights, Function<Weight, Tensor> part) {
        return weights.stream()
                .filter(weight -> !backend.isFinite(part.apply(weight)))
                .findFirst()
                .map(Weight::name);
    }

    private Optional<String> activations(Update<B> update) {
        for (int i = 0; i < update.batches(); i++) {
            Optional<String> found = activations(update, i);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<String> activations(Update<B> update, int index) {
        try (Scope scope = trainee.backend().scope()) {
            FiniteOps ops =
                    new FiniteOps(
                            trainee.backend(),
                            scope,
                            trainee.language().precision(),
                            trainee.language().layouts());
            objective.losses(trainee.adapted(ops), update.upload(index, scope));
            return Optional.empty();
        } catch (FiniteOps.NotFinite found) {
            return Optional.of(found.getMessage());
        }
    }
}
