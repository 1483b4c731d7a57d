package dev.kiln.platform.inference;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What goes through the model at once: pending tokens of some open sequences, one sequence's behind
 * another's without padding. Long prompts come in pieces, so that memory does not grow with them,
 * and sequences that are done reading go on writing in between.
 *
 * @param sequences which ones take part
 * @param counts how many tokens each of them brings
 * @param lastRows of those whose pending tokens are all here, the row of the last one: the only ones
 *     that need logits
 */
record Pass(List<Sequence> sequences, int[] counts, int[] lastRows) {
    /** Tokens of a pass, at most: enough for products to run at full speed. */
    static final int TOKENS = 512;

    /** The next pass over what is open, at least one sequence. */
    static Pass over(List<Sequence> all) {
        int[] counts = new int[all.size()];
        int[] lastRows = new int[all.size()];
        int tokens = 0;
        int complete = 0;
        for (int i = 0; i < counts.length; i++) {
            if (all.get(i).open()) {
                counts[i] = Math.min(all.get(i).pending(), TOKENS - tokens);
                tokens += counts[i];
                if (counts[i] > 0 && counts[i] == all.get(i).pending()) {
                    lastRows[complete++] = tokens - 1;
                }
            }
        }
        List<Sequence> bringing = all;
        if (IntStream.of(counts).anyMatch(count -> count == 0)) {
            bringing = all.stream().filter(sequence -> counts[sequence.index()] > 0).toList();
        }
        int[] brought = IntStream.of(counts).filter(count -> count > 0).toArray();
        return new Pass(bringing, brought, Arrays.copyOf(lastRows, complete));
    }

    /** Number of rows. */
    int tokens() {
        return IntStream.of(counts).sum();
    }

    /** Number of sequences that choose their next token behind this pass. */
    int complete() {
        return lastRows.length;
    }
}
