package dev.kiln.spi.training;

import dev.kiln.spi.Stable;

/**
 * How far a training run is.
 *
 * @param step 0-based index of the step about to be taken
 * @param steps how many there will be, at least 1
 * @param tokens tokens seen so far
 * @param totalTokens how many there will be
 */
@Stable
public record Progress(long step, long steps, long tokens, long totalTokens) {}
