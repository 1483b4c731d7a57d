package dev.kiln.platform.training.loop;

import dev.kiln.spi.backend.Scope;

/**
 * The batches whose gradients one update adds up. What each token or example of a batch counts is its
 * share of the whole update, so that the sum is the gradient of one large batch, also where batches
 * are of unequal sizes.
 *
 * @param <B> a batch on a backend
 */
public interface Update<B> {

    /** Number of batches, at least 1. */
    int batches();

    /** Tokens that are trained on. */
    long tokens();

    /** Where the next update begins. */
    long end();

    /**
     * A number that no other batch of the run has: what is drawn at random for a batch follows from
     * it.
     *
     * @param batch from 0
     */
    long place(int batch);

    /**
     * Uploads a batch.
     *
     * @param batch from 0
     * @param scope how long it lives
     */
    B upload(int batch, Scope scope);
}
