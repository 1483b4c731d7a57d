package dev.kiln.platform.inference;

/** Hears what the passes through a model took. */
@FunctionalInterface
public interface PassListener {
    PassListener NONE = (tokens, chosen, nanos) -> {};

    /**
     * @param tokens positions that were computed, of all sequences together; more than were chosen
     *     while a prompt is read
     * @param chosen how often logits were taken: for a token that was chosen, one for each sequence
     *     that had nothing more to read, or for one whose likelihood was asked for
     * @param nanos wall-clock time, the choice and the text's listener included
     */
    void on(int tokens, int chosen, long nanos);
}
