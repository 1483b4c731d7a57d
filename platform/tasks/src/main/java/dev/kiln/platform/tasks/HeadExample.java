package dev.kiln.platform.tasks;

import java.util.List;

/**
 * An example as tokens.
 *
 * @param sequences one for each state that the head reads, which is that of a sequence's last token
 * @param target the right class, {@link #UNKNOWN} if nobody says
 */
public record HeadExample(String id, List<int[]> sequences, int target) {
    public static final int UNKNOWN = -1;

    public HeadExample {
        sequences = List.copyOf(sequences);
    }

    public boolean answered() {
        return target != UNKNOWN;
    }

    /** Tokens of all sequences. */
    public int tokens() {
        return sequences.stream().mapToInt(sequence -> sequence.length).sum();
    }

    /** Tokens of the longest sequence. */
    public int longest() {
        return sequences.stream().mapToInt(sequence -> sequence.length).max().orElse(0);
    }
}
