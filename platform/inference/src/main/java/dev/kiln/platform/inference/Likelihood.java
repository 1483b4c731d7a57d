package dev.kiln.platform.inference;

/**
 * What a model says of a continuation.
 *
 * @param sum of its tokens' log-probabilities, in nats
 * @param greedy whether each of its tokens is the likeliest one at its place
 */
public record Likelihood(double sum, int tokens, boolean greedy) {}
