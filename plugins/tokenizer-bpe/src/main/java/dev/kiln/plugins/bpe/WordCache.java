package dev.kiln.plugins.bpe;

/**
 * The ids of words seen lately. A table of fixed size in which a word takes the place of another
 * with the same hash, so memory is bounded. Thread-safe without locks: entries are immutable, and a
 * reader who misses another thread's entry merely encodes the word again.
 */
final class WordCache {
    private static final int SLOTS = 1 << 16;
    private static final int LONGEST = 32;
    private static final int[] UNKNOWN = {};

    private record Entry(String word, int[] ids) {}

    private final Entry[] entries = new Entry[SLOTS];

    /** The ids of the word {@code text[from, to)}, not to be written to; empty if unknown. */
    int[] find(String text, int from, int to) {
        Entry entry = entries[slot(text, from, to)];
        boolean hit =
                entry != null
                        && entry.word.length() == to - from
                        && text.startsWith(entry.word, from);
        return hit ? entry.ids : UNKNOWN;
    }

    void put(String text, int from, int to, int[] ids) {
        if (to - from <= LONGEST) {
            entries[slot(text, from, to)] = new Entry(text.substring(from, to), ids);
        }
    }

    private static int slot(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < Math.min(to, from + LONGEST); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return (hash ^ (hash >>> 16)) & (SLOTS - 1);
    }
}
