package dev.kiln.platform.inference;

import dev.kiln.platform.models.InvalidScore;

/**
 * Hears of one request, by the thread that runs the passes. What it throws comes out of {@link
 * Decoder#pass}.
 */
public interface GenerationListener {

    /**
     * @param text whole characters that can no longer turn out to be part of a stop text
     */
    default void wrote(String text) {}

    /** All of it is written. */
    void ended(Generation generation);

    /** The model's logits are no numbers; other requests go on. */
    void failed(InvalidScore problem);
}
