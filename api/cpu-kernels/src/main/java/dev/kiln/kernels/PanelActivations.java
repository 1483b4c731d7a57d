package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static dev.kiln.spi.backend.WeightFormat.BLOCK;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Activations rounded to 8 bits a block of 32: x = scale · a with a whole number a in [-127, 127] and
 * scale = max |x| / 127, to nearest, ties to even. A block is 32 shorts a, the float scale, and a
 * short of 8 times the sum of all a.
 */
final class PanelActivations {
    static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, FLOATS.vectorShape());

    /** Where a block's scale is. */
    static final int SCALE = 2 * BLOCK;

    /** Where a block's sum, times 8, is. */
    static final int EIGHT_SUMS = SCALE + 4;

    static final int BLOCK_BYTES = SCALE + 8;

    /** Beside 1.5 · 2^23, floats are whole numbers, and their lower half is the number itself. */
    private static final float ROUNDING = 0x1.8p23f;

    private PanelActivations() {}

    /** One row of so many whole blocks of floats. */
    static void round(long out, long x, int blocks) {
        for (int i = 0; i < blocks; i++) {
            block(out + (long) BLOCK_BYTES * i, x + 4L * BLOCK * i);
        }
    }

    private static void block(long out, long x) {
        FloatVector largest = FloatVector.zero(FLOATS);
        for (int j = 0; j < BLOCK; j += COUNT) {
            largest =
                    FloatVector.fromMemorySegment(FLOATS, MEMORY, x + 4L * j, ORDER)
                            .abs()
                            .max(largest);
        }
        for (VectorShuffle<Float> swap : Lanes.SWAPS) {
            largest = largest.max(largest.rearrange(swap));
        }
        float max = largest.lane(0);
        float inverse = max > 0 ? 127 / max : 0;
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int j = 0; j < BLOCK; j += COUNT) {
            FloatVector whole =
                    FloatVector.fromMemorySegment(FLOATS, MEMORY, x + 4L * j, ORDER)
                            .mul(inverse)
                            .add(ROUNDING);
            sum = sum.add(whole.sub(ROUNDING));
            whole.reinterpretAsInts()
                    .convertShape(I2S, Bfloat16.SHORTS, 0)
                    .reinterpretAsShorts()
                    .intoMemorySegment(MEMORY, out + 2L * j, ORDER);
        }
        for (VectorShuffle<Float> swap : Lanes.SWAPS) {
            sum = sum.add(sum.rearrange(swap));
        }
        Lanes.set(out + SCALE, max / 127);
        Lanes.setShort(out + EIGHT_SUMS, (short) (8 * (int) sum.lane(0)));
    }

    /**
     * Adds a block's part to the results of COUNT outputs and of those 16 on.
     *
     * @param sums shorts, modulo 2^16, of q a, those of the two outputs side by side
     * @param x the block of activations
     */
    static void addScaled(long out, long sums, long x, long scales) {
        float scale = Lanes.get(x + SCALE);
        IntVector both =
                ShortVector.fromMemorySegment(SHORTS, MEMORY, sums, ORDER)
                        .sub(Lanes.getShort(x + EIGHT_SUMS))
                        .reinterpretAsInts();
        FloatVector first =
                (FloatVector) both.lanewise(LSHL, 16).lanewise(ASHR, 16).convert(I2F, 0);
        FloatVector second = (FloatVector) both.lanewise(ASHR, 16).convert(I2F, 0);
        first.mul(scale)
                .fma(
                        FloatVector.fromMemorySegment(FLOATS, MEMORY, scales, ORDER),
                        FloatVector.fromMemorySegment(FLOATS, MEMORY, out, ORDER))
                .intoMemorySegment(MEMORY, out, ORDER);
        second.mul(scale)
                .fma(
                        FloatVector.fromMemorySegment(FLOATS, MEMORY, scales + 64, ORDER),
                        FloatVector.fromMemorySegment(FLOATS, MEMORY, out + 64, ORDER))
                .intoMemorySegment(MEMORY, out + 64, ORDER);
    }
}
