package dev.kiln.platform.benchmark;

/** Adds up what the passes of one generation took. */
final class Passes {
    private double secondsToFirst;
    private boolean hasFirst;
    private long decoded;
    private double decodingSeconds;

    /** As {@link dev.kiln.platform.inference.PassListener#on}. */
    void add(int tokens, int chosen, long nanos) {
        double seconds = nanos / 1e9;
        if (!hasFirst) {
            secondsToFirst += seconds;
            hasFirst = chosen > 0;
        } else if (tokens == chosen) {
            decoded += chosen;
            decodingSeconds += seconds;
        }
    }

    /** From the start to the first token that was chosen. */
    double secondsToFirst() {
        return secondsToFirst;
    }

    /** Tokens in a second of the passes after it that brought each sequence one token. */
    double decodedPerSecond() {
        return decoded / decodingSeconds;
    }
}
