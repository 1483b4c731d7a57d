package dev.kiln.platform.inference;

import java.util.List;

/**
 * How likely are continuations of a context, each by itself? The context is read once.
 *
 * @param context ids, at least one
 * @param continuations ids, at least one of each, and at least one continuation
 */
public record ScoringRequest(int[] context, List<int[]> continuations) {
    public ScoringRequest {
        continuations = List.copyOf(continuations);
        if (context.length == 0
                || continuations.isEmpty()
                || continuations.stream().anyMatch(ids -> ids.length == 0)) {
            throw new IllegalArgumentException("expected a context and continuations");
        }
    }

    /** Positions that the longest of them takes: nobody asks what comes after its last token. */
    int positions() {
        int longest = continuations.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        return context.length + longest - 1;
    }
}
