package dev.kiln.kernels;

import static dev.kiln.kernels.FrozenPanels.SCALES;
import static dev.kiln.kernels.FrozenPanels.WIDTH;
import static dev.kiln.kernels.Lanes.CODES;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FITS;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.INTS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static dev.kiln.kernels.Lanes.PART;
import static dev.kiln.spi.backend.WeightFormat.BLOCK;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Four rows of floats, zero-padded to whole blocks and xRow bytes apart, by a panel: out[4, 64]. Each
 * decoded weight is used four times. Two vectors of outputs go down a block
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
            for (int c = 0; c < WIDTH; c += STEP) {
                long a = x + 4L * BLOCK * i;
                int8(out + 4L * c, a, xRow, block + 4L * c, block + SCALES + c);
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

    /** One k of each pair at a time, see {@link Lanes} on why loops are small. */
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
        for (int k = 0; k < 2; k++) {
            long w = block;
            for (long at = x + 4 * k; at < x + 4 * BLOCK; at += 8) {
                IntVector w0 = IntVector.fromMemorySegment(INTS, MEMORY, w, ORDER);
                IntVector w1 = IntVector.fromMemorySegment(INTS, MEMORY, w + 4 * COUNT, ORDER);
                FloatVector q0 = w0.lanewise(LSHL, 16 - 16 * k).and(UPPER).reinterpretAsFloats();
                FloatVector q1 = w1.lanewise(LSHL, 16 - 16 * k).and(UPPER).reinterpretAsFloats();
                FloatVector a0 = broadcast(FLOATS, Lanes.get(at));
                s00 = q0.fma(a0, s00);
                s01 = q1.fma(a0, s01);
                FloatVector a1 = broadcast(FLOATS, Lanes.get(at + xRow));
                s10 = q0.fma(a1, s10);
                s11 = q1.fma(a1, s11);
                FloatVector a2 = broadcast(FLOATS, Lanes.get(at + 2 * xRow));
                s20 = q0.fma(a2, s20);
                s21 = q1.fma(a2, s21);
                FloatVector a3 = broadcast(FLOATS, Lanes.get(at + 3 * xRow));
                s30 = q0.fma(a3, s30);
                s31 = q1.fma(a3, s31);
                w += ROW;
            }
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

    private static void int8(long out, long x, long xRow, long scales, long bytes) {
        FloatVector s00 = zero(FLOATS);
        FloatVector s01 = zero(FLOATS);
        FloatVector s10 = zero(FLOATS);
        FloatVector s11 = zero(FLOATS);
        FloatVector s20 = zero(FLOATS);
        FloatVector s21 = zero(FLOATS);
        FloatVector s30 = zero(FLOATS);
        FloatVector s31 = zero(FLOATS);
        long w = bytes;
        for (long at = x; at < x + 4 * BLOCK; at += 4) {
            ByteVector w0 =
                    FITS
                            ? ByteVector.fromMemorySegment(CODES, MEMORY, w, ORDER)
                            : ByteVector.fromMemorySegment(CODES, MEMORY, w, ORDER, PART);
            FloatVector q0 = (FloatVector) w0.convertShape(B2F, FLOATS, 0);
            ByteVector w1 =
                    FITS
                            ? ByteVector.fromMemorySegment(CODES, MEMORY, w + COUNT, ORDER)
                            : ByteVector.fromMemorySegment(CODES, MEMORY, w + COUNT, ORDER, PART);
            FloatVector q1 = (FloatVector) w1.convertShape(B2F, FLOATS, 0);
            FloatVector a0 = broadcast(FLOATS, Lanes.get(at));
            s00 = q0.fma(a0, s00);
            s01 = q1.fma(a0, s01);
            FloatVector a1 = broadcast(FLOATS, Lanes.get(at + xRow));
            s10 = q0.fma(a1, s10);
            s11 = q1.fma(a1, s11);
            FloatVector a2 = broadcast(FLOATS, Lanes.get(at + 2 * xRow));
            s20 = q0.fma(a2, s20);
            s21 = q1.fma(a2, s21);
            FloatVector a3 = broadcast(FLOATS, Lanes.get(at + 3 * xRow));
            s30 = q0.fma(a3, s30);
            s31 = q1.fma(a3, s31);
            w += WIDTH;
        }
        FloatVector f0 = FloatVector.fromMemorySegment(FLOATS, MEMORY, scales, ORDER);
        FloatVector f1 = FloatVector.fromMemorySegment(FLOATS, MEMORY, scales + 4 * COUNT, ORDER);
        s00.fma(f0, FloatVector.fromMemorySegment(FLOATS, MEMORY, out, ORDER))
                .intoMemorySegment(MEMORY, out, ORDER);
        s10.fma(f0, FloatVector.fromMemorySegment(FLOATS, MEMORY, out + ROW, ORDER))
                .intoMemorySegment(MEMORY, out + ROW, ORDER);
        s20.fma(f0, FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 2 * ROW, ORDER))
                .intoMemorySegment(MEMORY, out + 2 * ROW, ORDER);
        s30.fma(f0, FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 3 * ROW, ORDER))
                .intoMemorySegment(MEMORY, out + 3 * ROW, ORDER);
        long next = out + 4 * COUNT;
        s01.fma(f1, FloatVector.fromMemorySegment(FLOATS, MEMORY, next, ORDER))
                .intoMemorySegment(MEMORY, next, ORDER);
        s11.fma(f1, FloatVector.fromMemorySegment(FLOATS, MEMORY, next + ROW, ORDER))
                .intoMemorySegment(MEMORY, next + ROW, ORDER);
        s21.fma(f1, FloatVector.fromMemorySegment(FLOATS, MEMORY, next + 2 * ROW, ORDER))
                .intoMemorySegment(MEMORY, next + 2 * ROW, ORDER);
        s31.fma(f1, FloatVector.fromMemorySegment(FLOATS, MEMORY, next + 3 * ROW, ORDER))
                .intoMemorySegment(MEMORY, next + 3 * ROW, ORDER);
    }
}
