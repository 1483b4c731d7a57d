package dev.kiln.plugins.bpe;

import java.util.Arrays;

/** A growing list of ids, without boxing. Used by one thread. */
final class IntList {
    private int[] values;
    private int size;

    IntList(int capacity) {
        values = new int[capacity];
    }

    int size() {
        return size;
    }

    int get(int index) {
        return values[index];
    }

    /** Adds the first {@code count} of some ids. */
    void add(int[] ids, int count) {
        if (values.length - size < count) {
            values = Arrays.copyOf(values, Math.addExact(size, size / 2 + count));
        }
        System.arraycopy(ids, 0, values, size, count);
        size += count;
    }

    void truncate(int size) {
        this.size = size;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
