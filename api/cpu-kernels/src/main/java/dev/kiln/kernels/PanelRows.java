package dev.kiln.kernels;

import static dev.kiln.kernels.FrozenPanels.SCALES;
import static dev.kiln.kernels.FrozenPanels.WIDTH;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.INTS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static dev.kiln.spi.backend.WeightFormat.BLOCK;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Four rows of floats, zero-padded to whole blocks and xRow bytes apart, by a panel: out[4, 64]. Each
 * loaded weight is decoded once and used four times. Two vectors of outputs go down a block
 * together: more would not leave enough registers.
 */
final class PanelRows {
    private static final int STEP = 2 * COUNT;
    private static final int ROW = 4 * WIDTH;
    private static final int UPPER = 0xffff0000;

    private PanelRows() {}

    static void ofFloats(long out, long x, long xRow, long panel, int blocks) {
        Rows.clear(out, 4 * WIDTH);
        long block = panel;
        for (int i = 0; i < blocks; i++) {
            for (int c = 0; c < WIDTH; c += STEP) {
                floats(out + 4L * c, x + 4L * BLOCK * i, xRow, block + 4L * c);
            }
            block += 4 * BLOCK * WIDTH;
        }
    }

    static void ofBfloat16(long out, long x, long xRow, long panel, int blocks) {
        Rows.clear(out, 4 * WIDTH);
        long block = panel;
        for (int i = 0; i < blocks; i++) {
            for (int c = 0; c < WIDTH; c += STEP) {
                bfloat16(out + 4L * c, x + 4L * BLOCK * i, xRow, block + 4L * c);
            }
            block += 2 * BLOCK * WIDTH;
        }
    }

    static void ofInt8(long out, long x, long xRow, long panel, int blocks) {
        Rows.clear(out, 4 * WIDTH);
        long block = panel;
        for (int i = 0; i < blocks; i++) {
            for (int c = 0; c < WIDTH; c += COUNT) {
                int8(out + 4L * c, x + 4L * BLOCK * i, xRow, block + 4L * c);
            }
            block += SCALES + BLOCK * WIDTH;
        }
    }

    private static void floats(long out, long x, long xRow, long block) {
        FloatVector s00 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out, ORDER);
        FloatVector s01 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 4 * COUNT, ORDER);
        FloatVector s10 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + ROW, ORDER);
        FloatVector s11 =
                FloatVector.fromMemorySegment(FLOATS, MEMORY, out + ROW + 4 * COUNT, ORDER);
        FloatVector s20 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 2 * ROW, ORDER);
        FloatVector s21 =
                FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 2 * ROW + 4 * COUNT, ORDER);
        FloatVector s30 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 3 * ROW, ORDER);
        FloatVector s31 =
                FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 3 * ROW + 4 * COUNT, ORDER);
        long w = block;
        for (long at = x; at < x + 4 * BLOCK; at += 4) {
            FloatVector w0 = FloatVector.fromMemorySegment(FLOATS, MEMORY, w, ORDER);
            FloatVector w1 = FloatVector.fromMemorySegment(FLOATS, MEMORY, w + 4 * COUNT, ORDER);
            FloatVector a0 = broadcast(FLOATS, Lanes.get(at));
            FloatVector a1 = broadcast(FLOATS, Lanes.get(at + xRow));
            FloatVector a2 = broadcast(FLOATS, Lanes.get(at + 2 * xRow));
            FloatVector a3 = broadcast(FLOATS, Lanes.get(at + 3 * xRow));
            s00 = w0.fma(a0, s00);
            s10 = w0.fma(a1, s10);
            s20 = w0.fma(a2, s20);
            s30 = w0.fma(a3, s30);
            s01 = w1.fma(a0, s01);
            s11 = w1.fma(a1, s11);
            s21 = w1.fma(a2, s21);
            s31 = w1.fma(a3, s31);
            w += ROW;
        }
        s00.intoMemorySegment(MEMORY, out, ORDER);
        s01.intoMemorySegment(MEMORY, out + 4 * COUNT, ORDER);
        s10.intoMemorySegment(MEMORY, out + ROW, ORDER);
        s11.intoMemorySegment(MEMORY, out + ROW + 4 * COUNT, ORDER);
        s20.intoMemorySegment(MEMORY, out + 2 * ROW, ORDER);
        s21.intoMemorySegment(MEMORY, out + 2 * ROW + 4 * COUNT, ORDER);
        s30.intoMemorySegment(MEMORY, out + 3 * ROW, ORDER);
        s31.intoMemorySegment(MEMORY, out + 3 * ROW + 4 * COUNT, ORDER);
    }

    private static void bfloat16(long out, long x, long xRow, long block) {
        FloatVector s00 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out, ORDER);
        FloatVector s01 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 4 * COUNT, ORDER);
        FloatVector s10 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + ROW, ORDER);
        FloatVector s11 =
                FloatVector.fromMemorySegment(FLOATS, MEMORY, out + ROW + 4 * COUNT, ORDER);
        FloatVector s20 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 2 * ROW, ORDER);
        FloatVector s21 =
                FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 2 * ROW + 4 * COUNT, ORDER);
        FloatVector s30 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 3 * ROW, ORDER);
        FloatVector s31 =
                FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 3 * ROW + 4 * COUNT, ORDER);
        long w = block;
        for (long at = x; at < x + 4 * BLOCK; at += 8) {
            IntVector w0 = IntVector.fromMemorySegment(INTS, MEMORY, w, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, MEMORY, w + 4 * COUNT, ORDER);
            FloatVector a0 = broadcast(FLOATS, Lanes.get(at));
            FloatVector a1 = broadcast(FLOATS, Lanes.get(at + xRow));
            FloatVector a2 = broadcast(FLOATS, Lanes.get(at + 2 * xRow));
            FloatVector a3 = broadcast(FLOATS, Lanes.get(at + 3 * xRow));
            FloatVector p0 = w0.lanewise(LSHL, 16).reinterpretAsFloats();
            s00 = p0.fma(a0, s00);
            s10 = p0.fma(a1, s10);
            s20 = p0.fma(a2, s20);
            s30 = p0.fma(a3, s30);
            FloatVector p1 = w1.lanewise(LSHL, 16).reinterpretAsFloats();
            s01 = p1.fma(a0, s01);
            s11 = p1.fma(a1, s11);
            s21 = p1.fma(a2, s21);
            s31 = p1.fma(a3, s31);
            FloatVector b0 = broadcast(FLOATS, Lanes.get(at + 4));
            FloatVector b1 = broadcast(FLOATS, Lanes.get(at + xRow + 4));
            FloatVector b2 = broadcast(FLOATS, Lanes.get(at + 2 * xRow + 4));
            FloatVector b3 = broadcast(FLOATS, Lanes.get(at + 3 * xRow + 4));
            FloatVector q0 = w0.and(UPPER).reinterpretAsFloats();
            s00 = q0.fma(b0, s00);
            s10 = q0.fma(b1, s10);
            s20 = q0.fma(b2, s20);
            s30 = q0.fma(b3, s30);
            FloatVector q1 = w1.and(UPPER).reinterpretAsFloats();
            s01 = q1.fma(b0, s01);
            s11 = q1.fma(b1, s11);
            s21 = q1.fma(b2, s21);
            s31 = q1.fma(b3, s31);
            w += ROW;
        }
        s00.intoMemorySegment(MEMORY, out, ORDER);
        s01.intoMemorySegment(MEMORY, out + 4 * COUNT, ORDER);
        s10.intoMemorySegment(MEMORY, out + ROW, ORDER);
        s11.intoMemorySegment(MEMORY, out + ROW + 4 * COUNT, ORDER);
        s20.intoMemorySegment(MEMORY, out + 2 * ROW, ORDER);
        s21.intoMemorySegment(MEMORY, out + 2 * ROW + 4 * COUNT, ORDER);
        s30.intoMemorySegment(MEMORY, out + 3 * ROW, ORDER);
        s31.intoMemorySegment(MEMORY, out + 3 * ROW + 4 * COUNT, ORDER);
    }

    private static void int8(long out, long x, long xRow, long block) {
        FloatVector s00 = zero(FLOATS);
        FloatVector s10 = zero(FLOATS);
        FloatVector s20 = zero(FLOATS);
        FloatVector s30 = zero(FLOATS);
        long w = block + SCALES;
        for (long at = x; at < x + 4 * BLOCK; at += 16) {
            IntVector w0 = IntVector.fromMemorySegment(INTS, MEMORY, w, ORDER);
            FloatVector a0 = broadcast(FLOATS, Lanes.get(at));
            FloatVector a1 = broadcast(FLOATS, Lanes.get(at + xRow));
            FloatVector a2 = broadcast(FLOATS, Lanes.get(at + 2 * xRow));
            FloatVector a3 = broadcast(FLOATS, Lanes.get(at + 3 * xRow));
            FloatVector p0 = (FloatVector) w0.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0);
            s00 = p0.fma(a0, s00);
            s10 = p0.fma(a1, s10);
            s20 = p0.fma(a2, s20);
            s30 = p0.fma(a3, s30);
            FloatVector b0 = broadcast(FLOATS, Lanes.get(at + 4));
            FloatVector b1 = broadcast(FLOATS, Lanes.get(at + xRow + 4));
            FloatVector b2 = broadcast(FLOATS, Lanes.get(at + 2 * xRow + 4));
            FloatVector b3 = broadcast(FLOATS, Lanes.get(at + 3 * xRow + 4));
            FloatVector q0 = (FloatVector) w0.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0);
            s00 = q0.fma(b0, s00);
            s10 = q0.fma(b1, s10);
            s20 = q0.fma(b2, s20);
            s30 = q0.fma(b3, s30);
            FloatVector c0 = broadcast(FLOATS, Lanes.get(at + 8));
            FloatVector c1 = broadcast(FLOATS, Lanes.get(at + xRow + 8));
            FloatVector c2 = broadcast(FLOATS, Lanes.get(at + 2 * xRow + 8));
            FloatVector c3 = broadcast(FLOATS, Lanes.get(at + 3 * xRow + 8));
            FloatVector t0 = (FloatVector) w0.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0);
            s00 = t0.fma(c0, s00);
            s10 = t0.fma(c1, s10);
            s20 = t0.fma(c2, s20);
            s30 = t0.fma(c3, s30);
            FloatVector d0 = broadcast(FLOATS, Lanes.get(at + 12));
            FloatVector d1 = broadcast(FLOATS, Lanes.get(at + xRow + 12));
            FloatVector d2 = broadcast(FLOATS, Lanes.get(at + 2 * xRow + 12));
            FloatVector d3 = broadcast(FLOATS, Lanes.get(at + 3 * xRow + 12));
            FloatVector u0 = (FloatVector) w0.lanewise(ASHR, 24).convert(I2F, 0);
            s00 = u0.fma(d0, s00);
            s10 = u0.fma(d1, s10);
            s20 = u0.fma(d2, s20);
            s30 = u0.fma(d3, s30);
            w += ROW;
        }
        FloatVector f0 = FloatVector.fromMemorySegment(FLOATS, MEMORY, block, ORDER);
        s00.fma(f0, FloatVector.fromMemorySegment(FLOATS, MEMORY, out, ORDER))
                .intoMemorySegment(MEMORY, out, ORDER);
        s10.fma(f0, FloatVector.fromMemorySegment(FLOATS, MEMORY, out + ROW, ORDER))
                .intoMemorySegment(MEMORY, out + ROW, ORDER);
        s20.fma(f0, FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 2 * ROW, ORDER))
                .intoMemorySegment(MEMORY, out + 2 * ROW, ORDER);
        s30.fma(f0, FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 3 * ROW, ORDER))
                .intoMemorySegment(MEMORY, out + 3 * ROW, ORDER);
    }
}
