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
 * Four rows, rounded to 8 bits by {@link PanelActivations} and xRow bytes apart, by a panel of INT4:
 * out[4, 64], with scratch for as much behind it; as {@link PanelRowInt4}, with each weight decoded once.
 */
final class PanelRowsInt4 {
    private static final int ROW = 4 * WIDTH;

    /** Bytes of four k of all outputs. */
    private static final int FOUR = 2 * WIDTH;

    private static final short NIBBLE = 15;

    private PanelRowsInt4() {}

    static void multiply(long out, long x, long xRow, long panel, int blocks) {
        Rows.clear(out, 4 * WIDTH);
        long scales = panel;
        for (int i = 0; i < blocks; i++) {
            long a = x + (long) BLOCK_BYTES * i;
            for (int j = 0; j < 16; j += COUNT) {
                long w = scales + SCALES + 4L * j;
                outputs(out + 4L * j, a, xRow, scales + 4L * j, w);
                outputs(out + 4L * (32 + j), a, xRow, scales + 4L * (32 + j), w + 64);
            }
            scales += SCALES + BLOCK * WIDTH / 2;
        }
    }

    /** A block's part of outputs [0, COUNT) and 16 on. */
    private static void outputs(long out, long x, long xRow, long scales, long block) {
        long sums = out + 4 * ROW;
        sum(sums, x, xRow, block);
        PanelActivations.addScaled(out, sums, x, scales);
        PanelActivations.addScaled(out + ROW, sums + ROW, x + xRow, scales);
        PanelActivations.addScaled(out + 2 * ROW, sums + 2 * ROW, x + 2 * xRow, scales);
        PanelActivations.addScaled(out + 3 * ROW, sums + 3 * ROW, x + 3 * xRow, scales);
    }

    /** One k of each four at a time, see {@link Lanes} on why loops are small. */
    private static void sum(long sums, long x, long xRow, long block) {
        ShortVector s0 = ShortVector.zero(SHORTS);
        ShortVector s1 = ShortVector.zero(SHORTS);
        ShortVector s2 = ShortVector.zero(SHORTS);
        ShortVector s3 = ShortVector.zero(SHORTS);
        for (int k = 0; k < 4; k++) {
            long w = block;
            for (long at = x + 2 * k; at < x + 2 * BLOCK; at += 8) {
                ShortVector q =
                        ShortVector.fromMemorySegment(SHORTS, MEMORY, w, ORDER)
                                .lanewise(LSHR, 4 * k)
                                .and(NIBBLE);
                s0 = q.mul(broadcast(SHORTS, Lanes.getShort(at))).add(s0);
                s1 = q.mul(broadcast(SHORTS, Lanes.getShort(at + xRow))).add(s1);
                s2 = q.mul(broadcast(SHORTS, Lanes.getShort(at + 2 * xRow))).add(s2);
                s3 = q.mul(broadcast(SHORTS, Lanes.getShort(at + 3 * xRow))).add(s3);
                w += FOUR;
            }
        }
        s0.intoMemorySegment(MEMORY, sums, ORDER);
        s1.intoMemorySegment(MEMORY, sums + ROW, ORDER);
        s2.intoMemorySegment(MEMORY, sums + 2 * ROW, ORDER);
        s3.intoMemorySegment(MEMORY, sums + 3 * ROW, ORDER);
    }
}
