package dev.kiln.kernels;

import dev.kiln.spi.backend.DType;

/**
 * Keys or values of one head as one query reads them: once, in their order. Rounded ones are made
 * floats some at a time, so that these stay in the first cache.
 *
 * @param memory {@link #bytes} of it
 */
record KeyRows(HeadRows rows, int size, long memory) {
    private static final int PART = 32;

    static long bytes(int size) {
        return 4L * PART * Lanes.padded(size);
    }

    /** out[i] = query · row first + i. */
    void dots(long out, long query, int first, int count) {
        if (rows.type() == DType.FLOAT32) {
            Rows.dots(out, query, rows.at(first), rows.row(), count, size);
            return;
        }
        for (int from = 0; from < count; from += PART) {
            int part = Math.min(PART, count - from);
            widen(first + from, part);
            Rows.dots(out + 4L * from, query, memory, 4L * size, part, size);
        }
    }

    /** sum[size] = sum + Σ weights[i] · row first + i. */
    void addWeighted(long sum, long weights, int first, int count) {
        if (rows.type() == DType.FLOAT32) {
            add(sum, weights, rows.at(first), rows.row(), count);
            return;
        }
        for (int from = 0; from < count; from += PART) {
            int part = Math.min(PART, count - from);
            widen(first + from, part);
            add(sum, weights + 4L * from, memory, 4L * size, part);
        }
    }

    private void add(long sum, long weights, long x, long row, int count) {
        Tiles.addProduct(1, size, count, weights, 0, 4, x, row, sum, 0);
    }

    /** Rows of a cache are side by side. */
    private void widen(int first, int count) {
        Bfloat16.widen(memory, rows.at(first), count * size);
    }
}
