package dev.kiln.plugins.bpe;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ids of words seen lately. A table of fixed size in which a word takes the place of another
 * with the same hash, so memory is bounded. Thread-safe without locks: entries are immutable, and a
 * reader who misses another thread's entry merely encodes the word again.
 */
final class WordCache {
    private static final int SLOTS = 1 << 16;
    private static final int LONGEST = 48;
    private static final int[] UNKNOWN = {};

    private record Entry(byte[] word, int[] ids) {}

    private final @Nullable Entry[] entries = new Entry[SLOTS];

    /** The ids of the word {@code text[from, to)}, not to be written to; empty if unknown. */
    int[] find(byte[] text, int from, int to) {
        if (to - from > LONGEST) {
            return UNKNOWN;
        }
        Entry entry = entries[slot(text, from, to)];
        boolean hit =
                entry != null && Arrays.equals(entry.word, 0, entry.word.length, text, from, to);
        return hit ? entry.ids : UNKNOWN;
    }

    /** Remembers the first {@code count} ids as those of a word, unless it is very long. */
    void put(byte[] text, int from, int to, int[] ids, int count) {
        if (to - from <= LONGEST) {
            entries[slot(text, from, to)] =
                    new Entry(Arrays.copyOfRange(text, from, to), Arrays.copyOf(ids, count));
        }
    }

    private static int slot(byte[] text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text[i];
        }
        hash *= 0x9E3779B1;
        return hash >>> 16;
    }
}
