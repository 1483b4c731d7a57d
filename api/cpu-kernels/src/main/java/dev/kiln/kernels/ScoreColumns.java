package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Scores of a tile, [columns, lanes]: a key's scores with all queries lie side by side, so that
 * vectors run over queries, and sums over keys need no sum within a vector. What doesn't count is
 * -∞. Each of {@code center}, {@code max}, {@code sum} and {@code mean} is one float a
 * lane.
 *
 * <p>Exponentials are powers of two, 2^y with y = factor · (score - center), where the
 * difference comes first: of huge scores, a product's rounding alone would be more than an exponent
 * holds. 2^y = 2^n 2^f with |f| ≤ 1/2,
 * and a polynomial of degree 5 for the latter, fitted for the least relative error, which is 9e-8.
 * Below y = -126 they are 0; y is not above 127; NaN stays. Results may be stored as bfloat16,
 * rounded to nearest, for they go into a product.
 */
final class ScoreColumns {
    /** What turns a natural exponent into one of two. */
    static final double LOG2_E = 1 / Math.log(2);

    private static final float C5 = 0x1.5bba12p-10f;
    private static final float C4 = 0x1.3cea88p-7f;
    private static final float C3 = 0x1.c6b752p-5f;
    private static final float C2 = 0x1.ebf9bcp-3f;
    private static final float C1 = 0x1.62e42ap-1f;
    private static final float SMALLEST = -126;

    /** Added to a small number it leaves the nearest integer in the low bits of the sum. */
    private static final float ROUNDER = 0x1.8p23f;

    /** Half a unit of bfloat16's last place. */
    private static final int HALF = 0x8000;

    private ScoreColumns() {}

    /** The largest of each lane; NaN is passed over, since it comes back in the exponentials. */
    static void max(long max, long scores, int columns, int lanes) {
        long row = 4L * lanes;
        for (int lane = 0; lane < lanes; lane += COUNT) {
            FloatVector best = broadcast(FLOATS, Float.NEGATIVE_INFINITY);
            long end = scores + 4L * lane + columns * row;
            for (long at = scores + 4L * lane; at < end; at += row) {
                FloatVector x = fromMemorySegment(FLOATS, MEMORY, at, ORDER);
                best = best.blend(x, x.compare(GT, best));
            }
            best.intoMemorySegment(MEMORY, max + 4L * lane, ORDER);
        }
    }

    /** The difference below which an exponential is 0. */
    private static float smallest(float factor) {
        return factor > 0 ? SMALLEST / factor : Float.NEGATIVE_INFINITY;
    }

    /** out = 2^(factor · (score - center)); sum = each lane's sum. Out may be the scores. */
    static void exponentials(
            long out,
            boolean rounded,
            long scores,
            int columns,
            int lanes,
            float factor,
            long center,
            long sum) {
        FloatVector times = broadcast(FLOATS, factor);
        FloatVector one = broadcast(FLOATS, 1f);
        float smallest = smallest(factor);
        for (int lane = 0; lane < lanes; lane += COUNT) {
            FloatVector middle = fromMemorySegment(FLOATS, MEMORY, center + 4L * lane, ORDER);
            FloatVector total = FloatVector.zero(FLOATS);
            for (int column = 0; column < columns; column++) {
                long at = (long) column * lanes + lane;
                FloatVector x =
                        fromMemorySegment(FLOATS, MEMORY, scores + 4 * at, ORDER).sub(middle);
                VectorMask<Float> tiny = x.compare(LT, smallest);
                FloatVector shifted = x.fma(times, broadcast(FLOATS, ROUNDER));
                FloatVector f = x.fma(times, broadcast(FLOATS, ROUNDER).sub(shifted));
                FloatVector p = f.fma(broadcast(FLOATS, C5), broadcast(FLOATS, C4));
                p = p.fma(f, broadcast(FLOATS, C3));
                p = p.fma(f, broadcast(FLOATS, C2));
                p = p.fma(f, broadcast(FLOATS, C1));
                p = p.fma(f, one);
                IntVector power = shifted.reinterpretAsInts().lanewise(LSHL, 23);
                p = p.reinterpretAsInts().add(power).reinterpretAsFloats().blend(0f, tiny);
                total = total.add(p);
                if (rounded) {
                    p.reinterpretAsInts()
                            .add(HALF)
                            .lanewise(LSHR, 16)
                            .convertShape(I2S, Bfloat16.SHORTS, 0)
                            .reinterpretAsShorts()
                            .intoMemorySegment(MEMORY, out + 2 * at, ORDER);
                } else {
                    p.intoMemorySegment(MEMORY, out + 4 * at, ORDER);
                }
            }
            total.intoMemorySegment(MEMORY, sum + 4L * lane, ORDER);
        }
    }

    /**
     * dScore = scale · P (dP - mean), with P = 2^(factor · (score - center)); out may be the inputs.
     */
    static void backward(
            long outP,
            long outD,
            boolean rounded,
            long scores,
            long dP,
            int columns,
            int lanes,
            float factor,
            long center,
            float scale,
            long mean) {
        FloatVector times = broadcast(FLOATS, factor);
        FloatVector one = broadcast(FLOATS, 1f);
        float smallest = smallest(factor);
        for (int lane = 0; lane < lanes; lane += COUNT) {
            FloatVector middle = fromMemorySegment(FLOATS, MEMORY, center + 4L * lane, ORDER);
            FloatVector off = fromMemorySegment(FLOATS, MEMORY, mean + 4L * lane, ORDER);
            for (int column = 0; column < columns; column++) {
                long at = (long) column * lanes + lane;
                FloatVector x =
                        fromMemorySegment(FLOATS, MEMORY, scores + 4 * at, ORDER).sub(middle);
                VectorMask<Float> tiny = x.compare(LT, smallest);
                FloatVector shifted = x.fma(times, broadcast(FLOATS, ROUNDER));
                FloatVector f = x.fma(times, broadcast(FLOATS, ROUNDER).sub(shifted));
                FloatVector p = f.fma(broadcast(FLOATS, C5), broadcast(FLOATS, C4));
                p = p.fma(f, broadcast(FLOATS, C3));
                p = p.fma(f, broadcast(FLOATS, C2));
                p = p.fma(f, broadcast(FLOATS, C1));
                p = p.fma(f, one);
                IntVector power = shifted.reinterpretAsInts().lanewise(LSHL, 23);
                p = p.reinterpretAsInts().add(power).reinterpretAsFloats().blend(0f, tiny);
                FloatVector d =
                        fromMemorySegment(FLOATS, MEMORY, dP + 4 * at, ORDER)
                                .sub(off)
                                .mul(scale)
                                .mul(p);
                if (rounded) {
                    p.reinterpretAsInts()
                            .add(HALF)
                            .lanewise(LSHR, 16)
                            .convertShape(I2S, Bfloat16.SHORTS, 0)
                            .reinterpretAsShorts()
                            .intoMemorySegment(MEMORY, outP + 2 * at, ORDER);
                    d.reinterpretAsInts()
                            .add(HALF)
                            .lanewise(LSHR, 16)
                            .convertShape(I2S, Bfloat16.SHORTS, 0)
                            .reinterpretAsShorts()
                            .intoMemorySegment(MEMORY, outD + 2 * at, ORDER);
                } else {
                    p.intoMemorySegment(MEMORY, outP + 4 * at, ORDER);
                    d.intoMemorySegment(MEMORY, outD + 4 * at, ORDER);
                }
            }
        }
    }
}
