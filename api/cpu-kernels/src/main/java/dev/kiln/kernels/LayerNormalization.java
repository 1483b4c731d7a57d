package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.load;
import static dev.kiln.kernels.Lanes.spread;
import static dev.kiln.kernels.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Layer normalization of rows [from, to) and its backward kernel.
 *
 * @param x where x[rows, columns] is
 * @param statistics where [2, rows] is: means, then 1/√(variance + epsilon)
 */
record LayerNormalization(long x, long statistics, long gain, int rows, int columns) {

    void forward(long out, long bias, float epsilon, int from, int to) {
        for (int n = from; n < to; n++) {
            long row = x + 4L * n * columns;
            float mean = sum(row, columns) / columns;
            float variance = squares(row, mean, columns) / columns;
            float rstd = (float) (1 / Math.sqrt(variance + epsilon));
            normalize(out + 4L * n * columns, row, gain, bias, mean, rstd, columns);
            Lanes.set(statistics + 4L * n, mean);
            Lanes.set(statistics + 4L * (rows + n), rstd);
        }
    }

    private static float sum(long x, int columns) {
        int whole = Lanes.whole(columns);
        FloatVector sum = Lanes.zero();
        for (int j = 0; j < whole; j += COUNT) {
            sum = sum.add(load(x + 4L * j));
        }
        if (whole < columns) {
            sum = sum.add(load(x + 4L * whole, Lanes.first(columns - whole)));
        }
        return Lanes.sum(sum);
    }

    private static float squares(long x, float mean, int columns) {
        int whole = Lanes.whole(columns);
        FloatVector sum = Lanes.zero();
        for (int j = 0; j < whole; j += COUNT) {
            FloatVector off = load(x + 4L * j).sub(mean);
            sum = off.fma(off, sum);
        }
        if (whole < columns) {
            VectorMask<Float> mask = Lanes.first(columns - whole);
            FloatVector off = load(x + 4L * whole, mask).sub(mean).blend(0f, mask.not());
            sum = off.fma(off, sum);
        }
        return Lanes.sum(sum);
    }

    private static void normalize(
            long out, long x, long gain, long bias, float mean, float rstd, int columns) {
        int whole = Lanes.whole(columns);
        for (int j = 0; j < whole; j += COUNT) {
            long at = 4L * j;
            FloatVector h = load(x + at).sub(mean).mul(rstd);
            store(h.fma(load(gain + at), load(bias + at)), out + at);
        }
        if (whole < columns) {
            VectorMask<Float> mask = Lanes.first(columns - whole);
            long at = 4L * whole;
            FloatVector h = load(x + at, mask).sub(mean).mul(rstd);
            store(h.fma(load(gain + at, mask), load(bias + at, mask)), out + at, mask);
        }
    }

    /**
     * With h = (x - mean) rstd and dH = dOut gain: dX = rstd (dH - mean(dH) - h mean(dH h)).
     *
     * @param partial [2, padded columns], to which the gradients of gain and bias are added
     */
    void backward(long dX, long dOut, long partial, int from, int to) {
        long dBias = partial + 4L * Lanes.padded(columns);
        for (int n = from; n < to; n++) {
            long at = 4L * n * columns;
            float mean = Lanes.get(statistics + 4L * n);
            float rstd = Lanes.get(statistics + 4L * (rows + n));
            row(dX + at, dOut + at, x + at, gain, partial, dBias, mean, rstd, columns);
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
        FloatVector sumDh = Lanes.zero();
        FloatVector sumDhH = Lanes.zero();
        int whole = Lanes.whole(columns);
        for (int j = 0; j < whole; j += COUNT) {
            long at = 4L * j;
            FloatVector above = load(dOut + at);
            FloatVector h = load(x + at).sub(mean).mul(rstd);
            FloatVector dH = above.mul(load(gain + at));
            sumDh = sumDh.add(dH);
            sumDhH = dH.fma(h, sumDhH);
            store(above.fma(h, load(dGain + at)), dGain + at);
            store(above.add(load(dBias + at)), dBias + at);
        }
        if (whole < columns) {
            VectorMask<Float> mask = Lanes.first(columns - whole);
            long at = 4L * whole;
            FloatVector above = load(dOut + at, mask);
            FloatVector h = load(x + at, mask).sub(mean).mul(rstd);
            FloatVector dH = above.mul(load(gain + at, mask));
            sumDh = sumDh.add(dH);
            sumDhH = dH.fma(h, sumDhH);
            store(above.fma(h, load(dGain + at)), dGain + at);
            store(above.add(load(dBias + at)), dBias + at);
        }
        float meanDh = Lanes.sum(sumDh) / columns;
        float meanDhH = Lanes.sum(sumDhH) / columns;
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
        FloatVector minusMeanDhH = spread(-meanDhH);
        int whole = Lanes.whole(columns);
        for (int j = 0; j < whole; j += COUNT) {
            long at = 4L * j;
            FloatVector h = load(x + at).sub(mean).mul(rstd);
            FloatVector dH = load(dOut + at).mul(load(gain + at)).sub(meanDh);
            store(h.fma(minusMeanDhH, dH).mul(rstd), dX + at);
        }
        if (whole < columns) {
            VectorMask<Float> mask = Lanes.first(columns - whole);
            long at = 4L * whole;
            FloatVector h = load(x + at, mask).sub(mean).mul(rstd);
            FloatVector dH = load(dOut + at, mask).mul(load(gain + at, mask)).sub(meanDh);
            store(h.fma(minusMeanDhH, dH).mul(rstd), dX + at, mask);
        }
    }
}
