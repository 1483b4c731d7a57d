package dev.kiln.platform.inference;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.generation.Sampler;
import java.util.List;

/**
 * How to go on from a prompt.
 *
 * @param maxTokens most tokens to write for a sequence, at least 1
 * @param stop texts that end a sequence; they are not part of what is returned
 * @param seed of the sampler's choices: the same one writes the same text
 * @param logProbabilities whether to find the probability of each token, which costs a sum over the
 *     vocabulary
 */
public record GenerationRequest(
        int maxTokens, Sampler sampler, List<String> stop, long seed, boolean logProbabilities) {
    public GenerationRequest {
        stop = List.copyOf(stop);
        if (maxTokens < 1) {
            throw new IllegalArgumentException("expected maxTokens >= 1, got " + maxTokens);
        }
        checkStop("stop", stop);
    }

    /**
     * Checks texts that end a sequence, where options are read.
     *
     * @param option its name, for the message
     * @throws InvalidInput when one is empty: every text ends with it
     */
    public static void checkStop(String option, List<String> stop) {
        if (stop.contains("")) {
            throw new InvalidInput(option + ": expected texts of at least one character, found ''");
        }
    }

    /** Without log-probabilities. */
    public GenerationRequest(int maxTokens, Sampler sampler, List<String> stop, long seed) {
        this(maxTokens, sampler, stop, seed, false);
    }

    /** Positions that a prompt of so many tokens and what is written after it take of a context. */
    public int positions(int prompt, int context) {
        return (int) Math.min(context, (long) prompt + maxTokens);
    }
}
