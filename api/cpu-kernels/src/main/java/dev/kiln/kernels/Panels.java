package dev.kiln.kernels;

/**
 * A bfloat16 matrix B[k, n] in panels of 64 columns, zero-padded to whole panels, k to a multiple of
 * 32. A panel is int [k / 2][64], the even k in the lower half, so one stream of memory whose lanes
 * are columns: oneDNN's format {@code BA16a64b2a}.
 */
final class Panels {
    /** Columns of a panel. */
    static final int WIDTH = 64;

    private static final int BLOCK = 32;

    private Panels() {}

    /** The summed dimension, padded. */
    static int padded(int k) {
        return (k + BLOCK - 1) / BLOCK * BLOCK;
    }

    static int count(int n) {
        return (n + WIDTH - 1) / WIDTH;
    }
}
