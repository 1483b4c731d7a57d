package dev.kiln.platform.inference;

/** A request that a {@link Decoder} was given. */
public interface Submission {

    /**
     * Takes it back: its slot is free before the next pass begins, and nothing more is heard of it
     * from then on. Does nothing to what has ended. May be called by any thread.
     */
    void cancel();
}
