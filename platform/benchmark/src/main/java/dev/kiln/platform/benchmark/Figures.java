package dev.kiln.platform.benchmark;

/** Names of figures, as JSON has them. */
public final class Figures {
    /** Of one call, step, iteration or token. */
    public static final String MILLISECONDS = "milliseconds";

    /** From the start of a generation to its first token. */
    public static final String FIRST_TOKEN_MILLISECONDS = "firstTokenMilliseconds";

    public static final String TOKENS_PER_SECOND = "tokensPerSecond";
    public static final String MEGABYTES_PER_SECOND = "megabytesPerSecond";
    public static final String GIGABYTES_PER_SECOND = "gigabytesPerSecond";
    public static final String GIGAFLOPS_PER_SECOND = "gigaflopsPerSecond";

    /** Of what the machine could do at most, measured in the same run: 1 is all of it. */
    public static final String SHARE = "share";

    /** Of the whole process, its highest so far. */
    public static final String PEAK_MEMORY_BYTES = "peakMemoryBytes";

    private Figures() {}
}
