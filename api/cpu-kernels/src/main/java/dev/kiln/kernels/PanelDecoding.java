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
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.kiln.spi.backend.WeightFormat;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Blocks of panels as matrices of floats, out[32, 64]. */
final class PanelDecoding {
    private static final int ROW = 4 * WIDTH;
    private static final int UPPER = 0xffff0000;

    /** Half of a bfloat16's last place. */
    private static final int HALF = 0x8000;

    private PanelDecoding() {}

    static void block(long out, WeightFormat format, long block) {
        switch (format) {
            case FLOAT32 -> Rows.move(out, block, BLOCK * WIDTH);
            case BFLOAT16 -> bfloat16(out, block);
            case INT8 -> int8(out, block);
            case INT4 -> int4(out, block);
        }
    }

    private static void bfloat16(long out, long block) {
        for (int k = 0; k < BLOCK; k += 2) {
            for (int o = 0; o < WIDTH; o += COUNT) {
                IntVector pair =
                        IntVector.fromMemorySegment(
                                INTS, MEMORY, block + 2L * k * WIDTH + 4L * o, ORDER);
                long to = out + (long) k * ROW + 4L * o;
                pair.lanewise(LSHL, 16).intoMemorySegment(MEMORY, to, ORDER);
                pair.and(UPPER).intoMemorySegment(MEMORY, to + ROW, ORDER);
            }
        }
    }

    private static void int8(long out, long block) {
        for (int o = 0; o < WIDTH; o += COUNT) {
            FloatVector scale =
                    FloatVector.fromMemorySegment(FLOATS, MEMORY, block + 4L * o, ORDER);
            for (int k = 0; k < BLOCK; k++) {
                long at = block + SCALES + (long) k * WIDTH + o;
                ByteVector q =
                        FITS
                                ? ByteVector.fromMemorySegment(CODES, MEMORY, at, ORDER)
                                : ByteVector.fromMemorySegment(CODES, MEMORY, at, ORDER, PART);
                ((FloatVector) q.convertShape(B2F, FLOATS, 0))
                        .mul(scale)
                        .intoMemorySegment(MEMORY, out + (long) k * ROW + 4L * o, ORDER);
            }
        }
    }

    private static void int4(long out, long block) {
        for (int half = 0; half < WIDTH; half += 16) {
            for (int j = 0; j < 16; j += COUNT) {
                long ints = block + SCALES + half / 32 * 64 + 4L * j;
                long scales = block + 4L * (half + j);
                int4(out + 4L * (half + j), ints, scales, half % 32);
            }
        }
    }

    /** The halves of ints that begin at a bit. */
    private static void int4(long out, long ints, long scales, int bit) {
        FloatVector scale = FloatVector.fromMemorySegment(FLOATS, MEMORY, scales, ORDER);
        for (int k = 0; k < BLOCK; k++) {
            IntVector q =
                    IntVector.fromMemorySegment(INTS, MEMORY, ints + k / 4 * (2L * WIDTH), ORDER)
                            .lanewise(LSHR, bit + k % 4 * 4)
                            .and(15);
            ((FloatVector) q.sub(8).convert(I2F, 0))
                    .mul(scale)
                    .intoMemorySegment(MEMORY, out + (long) k * ROW, ORDER);
        }
    }

    /** A block of INT8 or INT4 as a block of bfloat16 {@link Panels}, to nearest. */
    static void pairs(long out, WeightFormat format, long block) {
        for (int o = 0; o < WIDTH; o += COUNT) {
            switch (format) {
                case INT8 -> pairsOfInt8(out + 4L * o, block + 4L * o, block + SCALES + o);
                case INT4 -> pairsOfInt4(out + 4L * o, block, o);
                case FLOAT32, BFLOAT16 ->
                        throw new IllegalArgumentException("no scales: " + format);
            }
        }
    }

    private static void pairsOfInt8(long out, long scales, long bytes) {
        FloatVector scale = FloatVector.fromMemorySegment(FLOATS, MEMORY, scales, ORDER);
        for (int k = 0; k < BLOCK; k += 2) {
            long at = bytes + (long) k * WIDTH;
            ByteVector even =
                    FITS
                            ? ByteVector.fromMemorySegment(CODES, MEMORY, at, ORDER)
                            : ByteVector.fromMemorySegment(CODES, MEMORY, at, ORDER, PART);
            ByteVector odd =
                    FITS
                            ? ByteVector.fromMemorySegment(CODES, MEMORY, at + WIDTH, ORDER)
                            : ByteVector.fromMemorySegment(CODES, MEMORY, at + WIDTH, ORDER, PART);
            IntVector low =
                    ((FloatVector) even.convertShape(B2F, FLOATS, 0))
                            .mul(scale)
                            .reinterpretAsInts();
            IntVector high =
                    ((FloatVector) odd.convertShape(B2F, FLOATS, 0)).mul(scale).reinterpretAsInts();
            low.add(HALF)
                    .lanewise(LSHR, 16)
                    .or(high.add(HALF).and(UPPER))
                    .intoMemorySegment(MEMORY, out + 2L * k * WIDTH, ORDER);
        }
    }

    private static void pairsOfInt4(long out, long block, int output) {
        long ints = block + SCALES + output / 32 * 64 + 4L * (output % 16);
        int bit = output % 32 / 16 * 16;
        FloatVector scale =
                FloatVector.fromMemorySegment(FLOATS, MEMORY, block + 4L * output, ORDER);
        for (int k = 0; k < BLOCK; k += 4) {
            IntVector four =
                    IntVector.fromMemorySegment(INTS, MEMORY, ints + (long) k * WIDTH / 2, ORDER);
            for (int j = 0; j < 4; j += 2) {
                IntVector even = four.lanewise(LSHR, bit + 4 * j).and(15).sub(8);
                IntVector odd = four.lanewise(LSHR, bit + 4 * j + 4).and(15).sub(8);
                IntVector low = ((FloatVector) even.convert(I2F, 0)).mul(scale).reinterpretAsInts();
                IntVector high = ((FloatVector) odd.convert(I2F, 0)).mul(scale).reinterpretAsInts();
                low.add(HALF)
                        .lanewise(LSHR, 16)
                        .or(high.add(HALF).and(UPPER))
                        .intoMemorySegment(MEMORY, out + 2L * (k + j) * WIDTH, ORDER);
            }
        }
    }
}
