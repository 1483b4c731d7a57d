package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.BYTES;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;

/** Rows of scores, of a whole number of vectors; what doesn't count is -∞. */
final class ScoreRows {
    private ScoreRows() {}

    /** The largest; NaN is passed over, since it comes back in the sum of exponentials. */
    static float max(long row, int columns) {
        FloatVector max = broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        for (long at = row; at < row + 4L * columns; at += BYTES) {
            FloatVector x = fromMemorySegment(FLOATS, MEMORY, at, ORDER);
            max = max.blend(x, x.compare(GT, max));
        }
        return max.reduceLanes(MAX);
    }

    /** The same number in columns [from, to). */
    static void fill(long row, int from, int to, float value) {
        FloatVector x = broadcast(FLOATS, value);
        int j = from;
        for (; j + COUNT <= to; j += COUNT) {
            x.intoMemorySegment(MEMORY, row + 4L * j, ORDER);
        }
        for (; j < to; j++) {
            Lanes.set(row + 4L * j, value);
        }
    }
}
