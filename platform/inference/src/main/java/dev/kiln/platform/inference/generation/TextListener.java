package dev.kiln.platform.inference.generation;

/** Hears a text while it is written. */
@FunctionalInterface
public interface TextListener {
    TextListener NONE = (sequence, text) -> {};

    /**
     * @param sequence 0-based index of the prompt that it goes on from
     * @param text whole characters that can no longer turn out to be part of a stop text
     */
    void on(int sequence, String text);
}
