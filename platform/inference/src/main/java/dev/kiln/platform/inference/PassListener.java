package dev.kiln.platform.inference;

/** Hears what the passes through a model took. */
@FunctionalInterface
public interface PassListener {
    PassListener NONE = (tokens, chosen, nanos) -> {};

    /**
     * @param tokens positions that were computed, of all sequences together; more than were chosen
     *     while a prompt is read
     * @param chosen tokens that were chosen from its logits, one for each sequence that had nothing
     *     more to read
     * @param nanos wall-clock time, the choice and the text's listener included
     */
    void on(int tokens, int chosen, long nanos);
}
