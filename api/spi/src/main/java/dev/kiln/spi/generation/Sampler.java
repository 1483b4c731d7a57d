package dev.kiln.spi.generation;

import dev.kiln.spi.Stable;

/** Chooses the next token. Immutable and thread-safe. */
@Stable
public interface Sampler {

    /**
     * @param logits [V]; the sampler may overwrite them
     * @param history the ids so far, prompt included; only the first {@code length} count
     * @param key a key of {@link dev.kiln.spi.Randomness} that no other choice of the run has
     * @return an id in [0, V) whose logit is not negative infinity
     */
    int next(float[] logits, int[] history, int length, long key);
}
