package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.load;
import static dev.kiln.kernels.Lanes.spread;
import static dev.kiln.kernels.Lanes.store;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** One range of one row of a tile of scores. */
final class ScoreRows {
    private ScoreRows() {}

    static float max(long row, int from, int to) {
        FloatVector max = spread(Float.NEGATIVE_INFINITY);
        int j = from;
        for (; j + COUNT <= to; j += COUNT) {
            max = max.max(load(row + 4L * j));
        }
        if (j < to) {
            VectorMask<Float> mask = Lanes.first(to - j);
            max = max.max(max.blend(load(row + 4L * j, mask), mask));
        }
        return max.reduceLanes(MAX);
    }

    /** Scores become e^(scale · score - offset), whose sum is returned. */
    static float exp(long row, int from, int to, float scale, float offset) {
        FloatVector sum = Lanes.zero();
        FloatVector factor = spread(scale);
        FloatVector shift = spread(-offset);
        int j = from;
        for (; j + COUNT <= to; j += COUNT) {
            FloatVector e = VectorMath.exp(load(row + 4L * j).fma(factor, shift));
            sum = sum.add(e);
            store(e, row + 4L * j);
        }
        if (j < to) {
            VectorMask<Float> mask = Lanes.first(to - j);
            FloatVector e = VectorMath.exp(load(row + 4L * j, mask).fma(factor, shift));
            sum = sum.add(e.blend(0f, mask.not()));
            store(e, row + 4L * j, mask);
        }
        return Lanes.sum(sum);
    }

    /**
     * @param counter of the element in column 0
     */
    static void dropout(
            long row, int from, int to, int counter, long key, int threshold, float scale) {
        int j = from;
        for (; j + COUNT <= to; j += COUNT) {
            var counters = Lanes.countFrom(counter + j);
            FloatVector x = load(row + 4L * j);
            store(DropoutLanes.apply(x, counters, key, threshold, scale), row + 4L * j);
        }
        if (j < to) {
            VectorMask<Float> mask = Lanes.first(to - j);
            var counters = Lanes.countFrom(counter + j);
            FloatVector x = load(row + 4L * j, mask);
            store(DropoutLanes.apply(x, counters, key, threshold, scale), row + 4L * j, mask);
        }
    }

    /**
     * dP becomes dScore = scale · P (dP - mean), with P = e^(scale · score - logSumExp), which takes
     * the place of the score.
     */
    static void backward(
            long row, long dRow, int from, int to, float scale, float logSumExp, float mean) {
        FloatVector factor = spread(scale);
        FloatVector shift = spread(-logSumExp);
        int j = from;
        for (; j + COUNT <= to; j += COUNT) {
            long at = 4L * j;
            FloatVector p = VectorMath.exp(load(row + at).fma(factor, shift));
            store(p, row + at);
            store(load(dRow + at).sub(mean).mul(p).mul(factor), dRow + at);
        }
        if (j < to) {
            VectorMask<Float> mask = Lanes.first(to - j);
            long at = 4L * j;
            FloatVector p = VectorMath.exp(load(row + at, mask).fma(factor, shift));
            store(p, row + at, mask);
            store(load(dRow + at, mask).sub(mean).mul(p).mul(factor), dRow + at, mask);
        }
    }

    /** 0 in columns [from, to). */
    static void clear(long row, int from, int to) {
        Rows.clear(row + 4L * from, to - from);
    }
}
