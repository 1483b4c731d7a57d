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
 * out[4, 64], with scratch for 64 more behind it; as {@link PanelRowInt4}, with each weight decoded once.
 */
final class PanelRowsInt4 {
    private static final int ROW = 4 * WIDTH;

    /** Bytes of four k of all outputs. */
    private static final int FOUR = 2 * WIDTH;

    private static final short NIBBLE = 15;

    private PanelRowsInt4() {}

    static void multiply(long out, long x, long xRow, long panel, int blocks) {
        Rows.clear(out, 4 * WIDTH);
        long sums = out + 4 * ROW;
        long scales = panel;
        for (int i = 0; i < blocks; i++) {
            for (int j = 0; j < 16; j += COUNT) {
                long at = x + (long) BLOCK_BYTES * i;
                long w = scales + SCALES + 4L * j;
                block(out + 4L * j, sums, at, xRow, scales + 4L * j, w);
                block(out + 4L * (32 + j), sums, at, xRow, scales + 4L * (32 + j), w + 64);
            }
            scales += SCALES + BLOCK * WIDTH / 2;
        }
    }

    /** A block's part of outputs [0, COUNT) and 16 on. */
    private static void block(long out, long sums, long x, long xRow, long scales, long block) {
        ShortVector s0 = ShortVector.zero(SHORTS);
        ShortVector s1 = ShortVector.zero(SHORTS);
        ShortVector s2 = ShortVector.zero(SHORTS);
        ShortVector s3 = ShortVector.zero(SHORTS);
        long w = block;
        for (long at = x; at < x + 2 * BLOCK; at += 8) {
            ShortVector w0 = ShortVector.fromMemorySegment(SHORTS, MEMORY, w, ORDER);
            ShortVector a0 = broadcast(SHORTS, Lanes.getShort(at));
            ShortVector a1 = broadcast(SHORTS, Lanes.getShort(at + xRow));
            ShortVector a2 = broadcast(SHORTS, Lanes.getShort(at + 2 * xRow));
            ShortVector a3 = broadcast(SHORTS, Lanes.getShort(at + 3 * xRow));
            ShortVector p0 = w0.and(NIBBLE);
            s0 = p0.mul(a0).add(s0);
            s1 = p0.mul(a1).add(s1);
            s2 = p0.mul(a2).add(s2);
            s3 = p0.mul(a3).add(s3);
            ShortVector b0 = broadcast(SHORTS, Lanes.getShort(at + 2));
            ShortVector b1 = broadcast(SHORTS, Lanes.getShort(at + xRow + 2));
            ShortVector b2 = broadcast(SHORTS, Lanes.getShort(at + 2 * xRow + 2));
            ShortVector b3 = broadcast(SHORTS, Lanes.getShort(at + 3 * xRow + 2));
            ShortVector q0 = w0.lanewise(LSHR, 4).and(NIBBLE);
            s0 = q0.mul(b0).add(s0);
            s1 = q0.mul(b1).add(s1);
            s2 = q0.mul(b2).add(s2);
            s3 = q0.mul(b3).add(s3);
            ShortVector c0 = broadcast(SHORTS, Lanes.getShort(at + 4));
            ShortVector c1 = broadcast(SHORTS, Lanes.getShort(at + xRow + 4));
            ShortVector c2 = broadcast(SHORTS, Lanes.getShort(at + 2 * xRow + 4));
            ShortVector c3 = broadcast(SHORTS, Lanes.getShort(at + 3 * xRow + 4));
            ShortVector t0 = w0.lanewise(LSHR, 8).and(NIBBLE);
            s0 = t0.mul(c0).add(s0);
            s1 = t0.mul(c1).add(s1);
            s2 = t0.mul(c2).add(s2);
            s3 = t0.mul(c3).add(s3);
            ShortVector d0 = broadcast(SHORTS, Lanes.getShort(at + 6));
            ShortVector d1 = broadcast(SHORTS, Lanes.getShort(at + xRow + 6));
            ShortVector d2 = broadcast(SHORTS, Lanes.getShort(at + 2 * xRow + 6));
            ShortVector d3 = broadcast(SHORTS, Lanes.getShort(at + 3 * xRow + 6));
            ShortVector u0 = w0.lanewise(LSHR, 12);
            s0 = u0.mul(d0).add(s0);
            s1 = u0.mul(d1).add(s1);
            s2 = u0.mul(d2).add(s2);
            s3 = u0.mul(d3).add(s3);
            w += FOUR;
        }
        s0.intoMemorySegment(MEMORY, sums, ORDER);
        s1.intoMemorySegment(MEMORY, sums + 64, ORDER);
        s2.intoMemorySegment(MEMORY, sums + 128, ORDER);
        s3.intoMemorySegment(MEMORY, sums + 192, ORDER);
        PanelActivations.addScaled(out, sums, x, scales);
        PanelActivations.addScaled(out + ROW, sums + 64, x + xRow, scales);
        PanelActivations.addScaled(out + 2 * ROW, sums + 128, x + 2 * xRow, scales);
        PanelActivations.addScaled(out + 3 * ROW, sums + 192, x + 3 * xRow, scales);
    }
}
