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
 * One row of floats, zero-padded to whole blocks, by a panel: out[64]. Four vectors of outputs go
 * down a block together. Memory is the limit: a core brings a cache line in some 12 to 16 cycles.
 */
final class PanelRow {
    private static final int STEP = 4 * COUNT;
    private static final int ROW = 4 * WIDTH;
    private static final int UPPER = 0xffff0000;

    private PanelRow() {}

    static void ofFloats(long out, long x, long panel, int blocks) {
        Rows.clear(out, WIDTH);
        long block = panel;
        for (int i = 0; i < blocks; i++) {
            for (int c = 0; c < WIDTH; c += STEP) {
                floats(out + 4L * c, x + 4L * BLOCK * i, block + 4L * c);
            }
            block += 4 * BLOCK * WIDTH;
        }
    }

    static void ofBfloat16(long out, long x, long panel, int blocks) {
        Rows.clear(out, WIDTH);
        long block = panel;
        for (int i = 0; i < blocks; i++) {
            for (int c = 0; c < WIDTH; c += STEP) {
                bfloat16(out + 4L * c, x + 4L * BLOCK * i, block + 4L * c);
            }
            block += 2 * BLOCK * WIDTH;
        }
    }

    static void ofInt8(long out, long x, long panel, int blocks) {
        Rows.clear(out, WIDTH);
        long block = panel;
        for (int i = 0; i < blocks; i++) {
            for (int c = 0; c < WIDTH; c += STEP) {
                int8(out + 4L * c, x + 4L * BLOCK * i, block + 4L * c, block + SCALES + c);
            }
            block += SCALES + BLOCK * WIDTH;
        }
    }

    private static void floats(long out, long x, long block) {
        FloatVector s0 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out, ORDER);
        FloatVector s1 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 4 * COUNT, ORDER);
        FloatVector s2 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 8 * COUNT, ORDER);
        FloatVector s3 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 12 * COUNT, ORDER);
        long w = block;
        for (long at = x; at < x + 4 * BLOCK; at += 4) {
            FloatVector w0 = FloatVector.fromMemorySegment(FLOATS, MEMORY, w, ORDER);
            FloatVector w1 = FloatVector.fromMemorySegment(FLOATS, MEMORY, w + 4 * COUNT, ORDER);
            FloatVector w2 = FloatVector.fromMemorySegment(FLOATS, MEMORY, w + 8 * COUNT, ORDER);
            FloatVector w3 = FloatVector.fromMemorySegment(FLOATS, MEMORY, w + 12 * COUNT, ORDER);
            FloatVector a0 = broadcast(FLOATS, Lanes.get(at));
            s0 = w0.fma(a0, s0);
            s1 = w1.fma(a0, s1);
            s2 = w2.fma(a0, s2);
            s3 = w3.fma(a0, s3);
            w += ROW;
        }
        s0.intoMemorySegment(MEMORY, out, ORDER);
        s1.intoMemorySegment(MEMORY, out + 4 * COUNT, ORDER);
        s2.intoMemorySegment(MEMORY, out + 8 * COUNT, ORDER);
        s3.intoMemorySegment(MEMORY, out + 12 * COUNT, ORDER);
    }

    private static void bfloat16(long out, long x, long block) {
        FloatVector s0 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out, ORDER);
        FloatVector s1 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 4 * COUNT, ORDER);
        FloatVector s2 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 8 * COUNT, ORDER);
        FloatVector s3 = FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 12 * COUNT, ORDER);
        long w = block;
        for (long at = x; at < x + 4 * BLOCK; at += 8) {
            IntVector w0 = IntVector.fromMemorySegment(INTS, MEMORY, w, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, MEMORY, w + 4 * COUNT, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(INTS, MEMORY, w + 8 * COUNT, ORDER);
            IntVector w3 = IntVector.fromMemorySegment(INTS, MEMORY, w + 12 * COUNT, ORDER);
            FloatVector a0 = broadcast(FLOATS, Lanes.get(at));
            FloatVector p0 = w0.lanewise(LSHL, 16).reinterpretAsFloats();
            s0 = p0.fma(a0, s0);
            FloatVector p1 = w1.lanewise(LSHL, 16).reinterpretAsFloats();
            s1 = p1.fma(a0, s1);
            FloatVector p2 = w2.lanewise(LSHL, 16).reinterpretAsFloats();
            s2 = p2.fma(a0, s2);
            FloatVector p3 = w3.lanewise(LSHL, 16).reinterpretAsFloats();
            s3 = p3.fma(a0, s3);
            FloatVector b0 = broadcast(FLOATS, Lanes.get(at + 4));
            FloatVector q0 = w0.and(UPPER).reinterpretAsFloats();
            s0 = q0.fma(b0, s0);
            FloatVector q1 = w1.and(UPPER).reinterpretAsFloats();
            s1 = q1.fma(b0, s1);
            FloatVector q2 = w2.and(UPPER).reinterpretAsFloats();
            s2 = q2.fma(b0, s2);
            FloatVector q3 = w3.and(UPPER).reinterpretAsFloats();
            s3 = q3.fma(b0, s3);
            w += ROW;
        }
        s0.intoMemorySegment(MEMORY, out, ORDER);
        s1.intoMemorySegment(MEMORY, out + 4 * COUNT, ORDER);
        s2.intoMemorySegment(MEMORY, out + 8 * COUNT, ORDER);
        s3.intoMemorySegment(MEMORY, out + 12 * COUNT, ORDER);
    }

    private static void int8(long out, long x, long scales, long bytes) {
        FloatVector s0 = zero(FLOATS);
        FloatVector s1 = zero(FLOATS);
        FloatVector s2 = zero(FLOATS);
        FloatVector s3 = zero(FLOATS);
        long w = bytes;
        for (long at = x; at < x + 4 * BLOCK; at += 4) {
            FloatVector a = broadcast(FLOATS, Lanes.get(at));
            ByteVector w0 =
                    FITS
                            ? ByteVector.fromMemorySegment(CODES, MEMORY, w, ORDER)
                            : ByteVector.fromMemorySegment(CODES, MEMORY, w, ORDER, PART);
            s0 = ((FloatVector) w0.convertShape(B2F, FLOATS, 0)).fma(a, s0);
            ByteVector w1 =
                    FITS
                            ? ByteVector.fromMemorySegment(CODES, MEMORY, w + COUNT, ORDER)
                            : ByteVector.fromMemorySegment(CODES, MEMORY, w + COUNT, ORDER, PART);
            s1 = ((FloatVector) w1.convertShape(B2F, FLOATS, 0)).fma(a, s1);
            ByteVector w2 =
                    FITS
                            ? ByteVector.fromMemorySegment(CODES, MEMORY, w + 2 * COUNT, ORDER)
                            : ByteVector.fromMemorySegment(
                                    CODES, MEMORY, w + 2 * COUNT, ORDER, PART);
            s2 = ((FloatVector) w2.convertShape(B2F, FLOATS, 0)).fma(a, s2);
            ByteVector w3 =
                    FITS
                            ? ByteVector.fromMemorySegment(CODES, MEMORY, w + 3 * COUNT, ORDER)
                            : ByteVector.fromMemorySegment(
                                    CODES, MEMORY, w + 3 * COUNT, ORDER, PART);
            s3 = ((FloatVector) w3.convertShape(B2F, FLOATS, 0)).fma(a, s3);
            w += WIDTH;
        }
        FloatVector f0 = FloatVector.fromMemorySegment(FLOATS, MEMORY, scales, ORDER);
        FloatVector f1 = FloatVector.fromMemorySegment(FLOATS, MEMORY, scales + 4 * COUNT, ORDER);
        FloatVector f2 = FloatVector.fromMemorySegment(FLOATS, MEMORY, scales + 8 * COUNT, ORDER);
        FloatVector f3 = FloatVector.fromMemorySegment(FLOATS, MEMORY, scales + 12 * COUNT, ORDER);
        s0.fma(f0, FloatVector.fromMemorySegment(FLOATS, MEMORY, out, ORDER))
                .intoMemorySegment(MEMORY, out, ORDER);
        s1.fma(f1, FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 4 * COUNT, ORDER))
                .intoMemorySegment(MEMORY, out + 4 * COUNT, ORDER);
        s2.fma(f2, FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 8 * COUNT, ORDER))
                .intoMemorySegment(MEMORY, out + 8 * COUNT, ORDER);
        s3.fma(f3, FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 12 * COUNT, ORDER))
                .intoMemorySegment(MEMORY, out + 12 * COUNT, ORDER);
    }
}
