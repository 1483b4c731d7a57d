package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.load;
import static dev.kiln.kernels.Lanes.spread;
import static dev.kiln.kernels.Lanes.store;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Softmax cross-entropy of rows of logits. */
final class CrossEntropy {
    /** Floats that are added up as floats before they go into a double. */
    private static final int BLOCK = 1024;

    private CrossEntropy() {}

    /** weight · -log softmax(logits)[target]; logits stay as they are. */
    static float loss(long logits, int columns, int target, float weight) {
        float max = ScoreRows.max(logits, 0, columns);
        double sum = 0;
        for (int j = 0; j < columns; j += BLOCK) {
            sum += sum(logits + 4L * j, Math.min(BLOCK, columns - j), max);
        }
        return (float) (weight * (Math.log(sum) + max - Lanes.get(logits + 4L * target)));
    }

    /** As {@link #loss}; leaves its gradient, weight · (softmax - one hot). */
    static float gradient(
            long dLogits, long logits, int columns, int target, float weight) {
        float max = ScoreRows.max(logits, 0, columns);
        float atTarget = Lanes.get(logits + 4L * target);
        double sum = 0;
        for (int j = 0; j < columns; j += BLOCK) {
            int n = Math.min(BLOCK, columns - j);
            sum += exponentials(dLogits + 4L * j, logits + 4L * j, n, max);
        }
        Rows.scale(dLogits, dLogits, (float) (weight / sum), columns);
        long place = dLogits + 4L * target;
        Lanes.set(place, Lanes.get(place) - weight);
        return (float) (weight * (Math.log(sum) + max - atTarget));
    }

    private static float sum(long x, int n, float max) {
        FloatVector sum = Lanes.zero();
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += COUNT) {
            sum = sum.add(VectorMath.exp(load(x + 4L * j).sub(max)));
        }
        if (whole < n) {
            VectorMask<Float> mask = Lanes.first(n - whole);
            FloatVector e = VectorMath.exp(load(x + 4L * whole, mask).sub(max));
            sum = sum.add(e.blend(0f, mask.not()));
        }
        return Lanes.sum(sum);
    }

    private static float exponentials(long out, long x, int n, float max) {
        FloatVector sum = Lanes.zero();
        FloatVector shift = spread(max);
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += COUNT) {
            FloatVector e = VectorMath.exp(load(x + 4L * j).sub(shift));
            sum = sum.add(e);
            store(e, out + 4L * j);
        }
        if (whole < n) {
            VectorMask<Float> mask = Lanes.first(n - whole);
            FloatVector e = VectorMath.exp(load(x + 4L * whole, mask).sub(shift));
            sum = sum.add(e.blend(0f, mask.not()));
            store(e, out + 4L * whole, mask);
        }
        return Lanes.sum(sum);
    }
}
