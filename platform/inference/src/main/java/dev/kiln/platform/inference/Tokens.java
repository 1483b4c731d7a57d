package dev.kiln.platform.inference;

import java.util.Arrays;

/** The tokens of a sequence, and from which of them on the model reads them. */
final class Tokens {
    private int[] ids;
    private int length;
    private int start;

    Tokens(int[] ids) {
        this.ids = ids.clone();
        this.length = ids.length;
    }

    /** All of them, in an array that may have room for more. */
    int[] ids() {
        return ids;
    }

    /** Number of all of them. */
    int length() {
        return length;
    }

    /** Number of those that the model reads. */
    int positions() {
        return length - start;
    }

    int at(int position) {
        return ids[start + position];
    }

    void add(int id) {
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, 2 * length);
        }
        ids[length++] = id;
    }

    /** Lets the model read only the last ones. */
    void keepLast(int positions) {
        start = length - positions;
    }

    /** Number of positions at the beginning at which both have the same. */
    int shared(Tokens other) {
        int mismatch = Arrays.mismatch(ids, start, length, other.ids, other.start, other.length);
        return mismatch < 0 ? positions() : mismatch;
    }
}
