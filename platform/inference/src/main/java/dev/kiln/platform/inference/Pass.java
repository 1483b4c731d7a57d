package dev.kiln.platform.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What goes through the model at once: pending tokens of some slots, one slot's behind another's
 * without padding. Long prompts come in pieces, so that memory does not grow with them, and others go
 * on writing in between.
 *
 * @param slots which ones take part
 * @param counts how many tokens each of them brings, at least 1
 * @param rows number of all tokens, N
 */
record Pass(List<Slot> slots, int[] counts, int rows) {

    /**
     * A row whose logits are asked for.
     *
     * @param position that it is of its sequence
     */
    record Asked(int row, Sequence sequence, int position) {}

    /**
     * The next pass. Those that bring one token, as all do that write, come before those that read.
     *
     * @param open slots with pending tokens, in the order in which they have joined
     * @param most rows
     */
    static Pass over(List<Slot> open, int most) {
        List<Slot> slots = new ArrayList<>();
        int[] counts = new int[open.size()];
        int rows = 0;
        for (boolean writing : new boolean[] {true, false}) {
            for (Slot slot : open) {
                int pending = slot.sequence().pending();
                if ((pending == 1) == writing && rows < most) {
                    counts[slots.size()] = Math.min(pending, most - rows);
                    rows += counts[slots.size()];
                    slots.add(slot);
                }
            }
        }
        return new Pass(slots, Arrays.copyOf(counts, slots.size()), rows);
    }

    int[] indices() {
        return slots.stream().mapToInt(Slot::index).toArray();
    }

    /** The tokens, [N]. */
    int[] ids() {
        int[] ids = new int[rows];
        int row = 0;
        for (int i = 0; i < counts.length; i++) {
            Sequence sequence = slots.get(i).sequence();
            for (int n = 0; n < counts[i]; n++) {
                ids[row++] = sequence.tokens().at(sequence.cached() + n);
            }
        }
        return ids;
    }

    /** Their positions, [N]. */
    int[] positions() {
        int[] positions = new int[rows];
        int row = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int n = 0; n < counts[i]; n++) {
                positions[row++] = slots.get(i).sequence().cached() + n;
            }
        }
        return positions;
    }

    /** Whose logits are asked for, in the order of rows. */
    List<Asked> asked() {
        List<Asked> asked = new ArrayList<>();
        int row = 0;
        for (int i = 0; i < counts.length; i++) {
            Sequence sequence = slots.get(i).sequence();
            int first = sequence.cached();
            int end = first + counts[i];
            for (int p = Math.max(first, sequence.askedFrom()); p < end; p++) {
                asked.add(new Asked(row + p - first, sequence, p));
            }
            row += counts[i];
        }
        return asked;
    }

    /** Notes that the cache has seen the tokens. */
    void passed() {
        for (int i = 0; i < counts.length; i++) {
            Sequence sequence = slots.get(i).sequence();
            sequence.setCached(sequence.cached() + counts[i]);
        }
    }
}
