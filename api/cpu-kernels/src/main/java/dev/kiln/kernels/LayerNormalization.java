package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Layer normalization of rows [from, to) and its backward kernel.
 *
 * @param x [rows, columns]
 * @param statistics where [2, rows] is: means, then 1/√(variance + epsilon)
 */
record LayerNormalization(Elements x, long statistics, long gain, int rows, int columns) {

    /**
     * @param scratch a row
     */
    void forward(Elements out, long bias, float epsilon, int from, int to, long scratch) {
        for (int n = from; n < to; n++) {
            long first = (long) n * columns;
            long row = x.read(first, columns, scratch);
            float mean = sum(row, columns) / columns;
            float variance = squares(row, mean, columns) / columns;
            float rstd = (float) (1 / Math.sqrt(variance + epsilon));
            long normal = out.place(first, scratch);
            normalize(normal, row, gain, bias, mean, rstd, columns);
            out.store(first, columns, normal);
            Lanes.set(statistics + 4L * n, mean);
            Lanes.set(statistics + 4L * (rows + n), rstd);
        }
    }

    private static float sum(long x, int columns) {
        int whole = Lanes.whole(columns);
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int j = 0; j < whole; j += COUNT) {
            sum = sum.add(fromMemorySegment(FLOATS, MEMORY, x + 4L * j, ORDER));
        }
        if (whole < columns) {
            sum =
                    sum.add(
                            fromMemorySegment(
                                    FLOATS,
                                    MEMORY,
                                    x + 4L * whole,
                                    ORDER,
                                    VectorMask.fromLong(FLOATS, Lanes.bits(columns - whole))));
        }
        for (VectorShuffle<Float> swap : Lanes.SWAPS) {
            sum = sum.add(sum.rearrange(swap));
        }
        return sum.lane(0);
    }

    private static float squares(long x, float mean, int columns) {
        int whole = Lanes.whole(columns);
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int j = 0; j < whole; j += COUNT) {
            FloatVector off = fromMemorySegment(FLOATS, MEMORY, x + 4L * j, ORDER).sub(mean);
            sum = off.fma(off, sum);
        }
        if (whole < columns) {
            VectorMask<Float> mask = VectorMask.fromLong(FLOATS, Lanes.bits(columns - whole));
            FloatVector off =
                    fromMemorySegment(FLOATS, MEMORY, x + 4L * whole, ORDER, mask)
                            .sub(mean)
                            .blend(0f, mask.not());
            sum = off.fma(off, sum);
        }
        for (VectorShuffle<Float> swap : Lanes.SWAPS) {
            sum = sum.add(sum.rearrange(swap));
        }
        return sum.lane(0);
    }

    private static void normalize(
            long out, long x, long gain, long bias, float mean, float rstd, int columns) {
        int whole = Lanes.whole(columns);
        for (int j = 0; j < whole; j += COUNT) {
            long at = 4L * j;
            FloatVector h = fromMemorySegment(FLOATS, MEMORY, x + at, ORDER).sub(mean).mul(rstd);
            h.fma(
                            fromMemorySegment(FLOATS, MEMORY, gain + at, ORDER),
                            fromMemorySegment(FLOATS, MEMORY, bias + at, ORDER))
                    .intoMemorySegment(MEMORY, out + at, ORDER);
        }
        if (whole < columns) {
            VectorMask<Float> mask = VectorMask.fromLong(FLOATS, Lanes.bits(columns - whole));
            long at = 4L * whole;
            FloatVector h =
                    fromMemorySegment(FLOATS, MEMORY, x + at, ORDER, mask).sub(mean).mul(rstd);
            h.fma(
                            fromMemorySegment(FLOATS, MEMORY, gain + at, ORDER, mask),
                            fromMemorySegment(FLOATS, MEMORY, bias + at, ORDER, mask))
                    .intoMemorySegment(MEMORY, out + at, ORDER, mask);
        }
    }

    /**
     * With h = (x - mean) rstd and dH = dOut gain: dX = rstd (dH - mean(dH) - h mean(dH h)).
     *
     * @param partial [2, padded columns], to which the gradients of gain and bias are added
     * @param scratch two rows, padded
     */
    void backward(Elements dX, Elements dOut, long partial, int from, int to, long scratch) {
        long padded = 4L * Lanes.padded(columns);
        for (int n = from; n < to; n++) {
            long first = (long) n * columns;
            float mean = Lanes.get(statistics + 4L * n);
            float rstd = Lanes.get(statistics + 4L * (rows + n));
            long in = x.read(first, columns, scratch);
            long above = dOut.read(first, columns, scratch + padded);
            long below = dX.place(first, scratch + padded);
            row(below, above, in, gain, partial, partial + padded, mean, rstd, columns);
            dX.store(first, columns, below);
        }
    }

    private static void row(
            long dX,
            long dOut,
            long x,
            long gain,
            long dGain,
            long dBias,
            float mean,
            float rstd,
            int columns) {
        FloatVector sumDh = FloatVector.zero(FLOATS);
        FloatVector sumDhH = FloatVector.zero(FLOATS);
        int whole = Lanes.whole(columns);
        for (int j = 0; j < whole; j += COUNT) {
            long at = 4L * j;
            FloatVector above = fromMemorySegment(FLOATS, MEMORY, dOut + at, ORDER);
            FloatVector h = fromMemorySegment(FLOATS, MEMORY, x + at, ORDER).sub(mean).mul(rstd);
            FloatVector dH = above.mul(fromMemorySegment(FLOATS, MEMORY, gain + at, ORDER));
            sumDh = sumDh.add(dH);
            sumDhH = dH.fma(h, sumDhH);
            above.fma(h, fromMemorySegment(FLOATS, MEMORY, dGain + at, ORDER))
                    .intoMemorySegment(MEMORY, dGain + at, ORDER);
            above.add(fromMemorySegment(FLOATS, MEMORY, dBias + at, ORDER))
                    .intoMemorySegment(MEMORY, dBias + at, ORDER);
        }
        if (whole < columns) {
            VectorMask<Float> mask = VectorMask.fromLong(FLOATS, Lanes.bits(columns - whole));
            long at = 4L * whole;
            FloatVector above = fromMemorySegment(FLOATS, MEMORY, dOut + at, ORDER, mask);
            FloatVector h =
                    fromMemorySegment(FLOATS, MEMORY, x + at, ORDER, mask).sub(mean).mul(rstd);
            FloatVector dH = above.mul(fromMemorySegment(FLOATS, MEMORY, gain + at, ORDER, mask));
            sumDh = sumDh.add(dH);
            sumDhH = dH.fma(h, sumDhH);
            above.fma(h, fromMemorySegment(FLOATS, MEMORY, dGain + at, ORDER))
                    .intoMemorySegment(MEMORY, dGain + at, ORDER);
            above.add(fromMemorySegment(FLOATS, MEMORY, dBias + at, ORDER))
                    .intoMemorySegment(MEMORY, dBias + at, ORDER);
        }
        for (VectorShuffle<Float> swap : Lanes.SWAPS) {
            sumDh = sumDh.add(sumDh.rearrange(swap));
            sumDhH = sumDhH.add(sumDhH.rearrange(swap));
        }
        float meanDh = sumDh.lane(0) / columns;
        float meanDhH = sumDhH.lane(0) / columns;
        input(dX, dOut, x, gain, mean, rstd, meanDh, meanDhH, columns);
    }

    private static void input(
            long dX,
            long dOut,
            long x,
            long gain,
            float mean,
            float rstd,
            float meanDh,
            float meanDhH,
            int columns) {
        FloatVector minusMeanDhH = broadcast(FLOATS, -meanDhH);
        int whole = Lanes.whole(columns);
        for (int j = 0; j < whole; j += COUNT) {
            long at = 4L * j;
            FloatVector h = fromMemorySegment(FLOATS, MEMORY, x + at, ORDER).sub(mean).mul(rstd);
            FloatVector dH =
                    fromMemorySegment(FLOATS, MEMORY, dOut + at, ORDER)
                            .mul(fromMemorySegment(FLOATS, MEMORY, gain + at, ORDER))
                            .sub(meanDh);
            h.fma(minusMeanDhH, dH).mul(rstd).intoMemorySegment(MEMORY, dX + at, ORDER);
        }
        if (whole < columns) {
            VectorMask<Float> mask = VectorMask.fromLong(FLOATS, Lanes.bits(columns - whole));
            long at = 4L * whole;
            FloatVector h =
                    fromMemorySegment(FLOATS, MEMORY, x + at, ORDER, mask).sub(mean).mul(rstd);
            FloatVector dH =
                    fromMemorySegment(FLOATS, MEMORY, dOut + at, ORDER, mask)
                            .mul(fromMemorySegment(FLOATS, MEMORY, gain + at, ORDER, mask))
                            .sub(meanDh);
            h.fma(minusMeanDhH, dH).mul(rstd).intoMemorySegment(MEMORY, dX + at, ORDER, mask);
        }
    }
}
