package dev.kiln.toolkit;

import dev.kiln.spi.backend.ActivationFunction;

/**
 * What a feed-forward layer computes between its two products. Immutable.
 *
 * @param width of what is between them, at least 1
 */
public record FeedForward(int width, ActivationFunction activation) {

    /** Four times as wide as the model, as all published GPTs are. */
    public static FeedForward usual(int modelWidth, ActivationFunction activation) {
        return new FeedForward(4 * modelWidth, activation);
    }
}
