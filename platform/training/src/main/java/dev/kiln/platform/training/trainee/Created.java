package dev.kiln.platform.training.trainee;

import dev.kiln.platform.autograd.Parameters;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Where weights and optimizer state come to lie.
 *
 * @param scope how long they live
 * @param seed of the weights' values; empty where they are not filled, since nobody reads them
 */
public record Created(Backend backend, Scope scope, OptionalLong seed) {

    Parameters parameters(Predicate<String> trainable) {
        return seed.isPresent()
                ? new Parameters(backend, scope, seed.getAsLong(), trainable)
                : Parameters.unfilled(backend, scope, trainable);
    }
}
