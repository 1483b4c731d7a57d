package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/** The one exponential that all kernels use. */
final class Exponentials {
    private static final float LOG2_E = (float) (1 / Math.log(2));
    private static final float LN2_HIGH = (float) Math.log(2);
    private static final float LN2_LOW = (float) (Math.log(2) - (float) Math.log(2));

    /** Added to a small number it leaves the nearest integer in the low bits of the sum. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final float SMALLEST = -87.3f;
    private static final float LARGEST = 88.0f;

    private Exponentials() {}

    /**
     * out = e^y with y = scale · (x - center), over a whole number of vectors; out may be x. Returns
     * the sum. The difference comes first: of huge numbers, a product's rounding alone would be more
     * than an exponent holds. Relative error 2e-7 of e^y; below y = -87.3 it is 0, above 88 it stays 1.7e38, NaN
     * stays.
     *
     * <p>e^y = 2^n e^r with |r| ≤ ln 2 / 2, and eight terms of the series, whose rest is below
     * 6e-9.
     */
    static float exp(long out, long x, int columns, float center, float scale) {
        FloatVector factor = broadcast(FLOATS, scale);
        FloatVector middle = broadcast(FLOATS, center);
        FloatVector one = broadcast(FLOATS, 1f);
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int j = 0; j < columns; j += COUNT) {
            FloatVector y =
                    fromMemorySegment(FLOATS, MEMORY, x + 4L * j, ORDER).sub(middle).mul(factor);
            VectorMask<Float> tiny = y.compare(VectorOperators.LT, SMALLEST);
            y = y.blend(SMALLEST, tiny);
            y = y.blend(LARGEST, y.compare(VectorOperators.GT, LARGEST));
            FloatVector shifted = y.fma(LOG2_E, ROUNDER);
            FloatVector n = shifted.sub(ROUNDER);
            FloatVector r = n.fma(broadcast(FLOATS, -LN2_HIGH), y);
            r = n.fma(broadcast(FLOATS, -LN2_LOW), r);
            FloatVector p = r.fma(1f / 5040, 1f / 720);
            p = p.fma(r, broadcast(FLOATS, 1f / 120));
            p = p.fma(r, broadcast(FLOATS, 1f / 24));
            p = p.fma(r, broadcast(FLOATS, 1f / 6));
            p = p.fma(r, broadcast(FLOATS, 0.5f));
            p = p.fma(r, one);
            p = p.fma(r, one);
            IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            p = p.reinterpretAsInts().add(power).reinterpretAsFloats().blend(0f, tiny);
            sum = sum.add(p);
            p.intoMemorySegment(MEMORY, out + 4L * j, ORDER);
        }
        for (VectorShuffle<Float> swap : Lanes.SWAPS) {
            sum = sum.add(sum.rearrange(swap));
        }
        return sum.lane(0);
    }
}
