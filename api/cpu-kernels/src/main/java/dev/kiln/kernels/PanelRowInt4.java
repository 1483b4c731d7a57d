package dev.kiln.kernels;

import static dev.kiln.kernels.FrozenPanels.SCALES;
import static dev.kiln.kernels.FrozenPanels.WIDTH;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static dev.kiln.kernels.PanelActivations.BLOCK_BYTES;
import static dev.kiln.kernels.PanelActivations.SHORTS;
import static dev.kiln.spi.backend.WeightFormat.BLOCK;
import static jdk.incubator.vector.ShortVector.broadcast;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.ShortVector;

/**
 * One row, rounded to 8 bits by {@link PanelActivations}, by a panel of INT4: out[64], with
 * scratch for as much behind it.
 *
 * <p>A lane is a short of four k of one output. With a weight (q - 8) and activations a, a block's
 * sum of q a is taken modulo 2^16, then 8 times the sum of a is subtracted: what is left, the sum of
 * (q - 8) a, is at most 8 · 127 · 32 = 32512 in magnitude, so it is exact. That takes 14
 * instructions for the 128 weights of a cache line, where floats would take 40.
 */
final class PanelRowInt4 {
    private static final int ROW = 4 * WIDTH;

    /** Bytes of four k of all outputs. */
    private static final int FOUR = 2 * WIDTH;

    private static final short NIBBLE = 15;

    private PanelRowInt4() {}

    static void multiply(long out, long x, long panel, int blocks) {
        Rows.clear(out, WIDTH);
        long sums = out + ROW;
        long scales = panel;
        for (int i = 0; i < blocks; i++) {
            long a = x + (long) BLOCK_BYTES * i;
            for (int j = 0; j < 16; j += COUNT) {
                long to = out + 4L * j;
                long by = scales + 4L * j;
                sum(sums, a, by + SCALES);
                PanelActivations.addScaled(to, sums, a, by);
                PanelActivations.addScaled(to + 128, sums + 64, a, by + 128);
            }
            scales += SCALES + BLOCK * WIDTH / 2;
        }
    }

    /** A block's part of outputs [0, COUNT), 16 on, 32 on and 48 on. */
    private static void sum(long sums, long x, long block) {
        ShortVector s0 = ShortVector.zero(SHORTS);
        ShortVector s1 = ShortVector.zero(SHORTS);
        long w = block;
        for (long at = x; at < x + 2 * BLOCK; at += 8) {
            ShortVector w0 = ShortVector.fromMemorySegment(SHORTS, MEMORY, w, ORDER);
            ShortVector w1 = ShortVector.fromMemorySegment(SHORTS, MEMORY, w + 64, ORDER);
            for (int k = 0; k < 4; k++) {
                ShortVector a = broadcast(SHORTS, Lanes.getShort(at + 2 * k));
                s0 = w0.lanewise(LSHR, 4 * k).and(NIBBLE).mul(a).add(s0);
                s1 = w1.lanewise(LSHR, 4 * k).and(NIBBLE).mul(a).add(s1);
            }
            w += FOUR;
        }
        s0.intoMemorySegment(MEMORY, sums, ORDER);
        s1.intoMemorySegment(MEMORY, sums + 64, ORDER);
    }
}
