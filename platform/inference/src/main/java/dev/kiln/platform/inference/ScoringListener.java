package dev.kiln.platform.inference;

import dev.kiln.platform.models.InvalidScore;

/**
 * Hears of one request, by the thread that runs the passes. What it throws comes out of {@link
 * Decoder#pass}.
 */
public interface ScoringListener {

    /**
     * @param continuation its index in the request
     */
    void scored(int continuation, Likelihood likelihood);

    /**
     * The model's logits are no numbers; other requests go on.
     *
     * @param continuation the first one that they say something of
     */
    void failed(int continuation, InvalidScore problem);
}
