package dev.kiln.kernels;

import java.util.Arrays;

/** Ints that grow in number. */
final class IntList {
    private int[] items = new int[16];
    private int size;

    void add(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, 2 * size);
        }
        items[size++] = item;
    }

    int get(int index) {
        return items[index];
    }

    void set(int index, int item) {
        items[index] = item;
    }

    int last() {
        return items[size - 1];
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** The index of the largest item that is not above the one given; items rise. */
    int floor(int item) {
        int found = Arrays.binarySearch(items, 0, size, item);
        return found >= 0 ? found : -found - 2;
    }
}
