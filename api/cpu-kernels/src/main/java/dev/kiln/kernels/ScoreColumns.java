package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;

/**
 * Scores of a tile, [columns, lanes]: a key's scores with all queries lie side by side, so that
 * vectors run over queries, and sums over keys need no sum within a vector. What doesn't count is
 * -∞. Each of {@code offset}, {@code max}, {@code sum} and {@code mean} is one float a lane.
 */
final class ScoreColumns {
    /** Columns that the passes over a tile take together, so that they stay in the first cache. */
    static final int CHUNK = 64;

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

    /** score = e^(scale · score + offset). */
    static void exponentials(long scores, int columns, int lanes, float scale, long offset) {
        long row = 4L * lanes;
        for (int lane = 0; lane < lanes; lane += COUNT) {
            FloatVector shift = fromMemorySegment(FLOATS, MEMORY, offset + 4L * lane, ORDER);
            FloatVector factor = broadcast(FLOATS, scale);
            long end = scores + 4L * lane + columns * row;
            for (long at = scores + 4L * lane; at < end; at += row) {
                fromMemorySegment(FLOATS, MEMORY, at, ORDER)
                        .fma(factor, shift)
                        .intoMemorySegment(MEMORY, at, ORDER);
            }
        }
        Exponentials.exp(scores, scores, columns * lanes, 1, 0);
    }

    /** sum = sum + each lane's sum. */
    static void addSum(long sum, long scores, int columns, int lanes) {
        long row = 4L * lanes;
        for (int lane = 0; lane < lanes; lane += COUNT) {
            FloatVector total = FloatVector.zero(FLOATS);
            long end = scores + 4L * lane + columns * row;
            for (long at = scores + 4L * lane; at < end; at += row) {
                total = total.add(fromMemorySegment(FLOATS, MEMORY, at, ORDER));
            }
            fromMemorySegment(FLOATS, MEMORY, sum + 4L * lane, ORDER)
                    .add(total)
                    .intoMemorySegment(MEMORY, sum + 4L * lane, ORDER);
        }
    }

    /** dP becomes dScore = scale · P (dP - mean). */
    static void backward(long dScores, long p, int columns, int lanes, float scale, long mean) {
        long row = 4L * lanes;
        for (int lane = 0; lane < lanes; lane += COUNT) {
            FloatVector off = fromMemorySegment(FLOATS, MEMORY, mean + 4L * lane, ORDER);
            long end = 4L * lane + columns * row;
            for (long at = 4L * lane; at < end; at += row) {
                fromMemorySegment(FLOATS, MEMORY, dScores + at, ORDER)
                        .sub(off)
                        .mul(scale)
                        .mul(fromMemorySegment(FLOATS, MEMORY, p + at, ORDER))
                        .intoMemorySegment(MEMORY, dScores + at, ORDER);
            }
        }
    }

    /** What the slots of a tile do not see. */
    static void fillGaps(AttentionPlan plan, int tile, long scores, float value) {
        long row = 4L * plan.lanes(tile);
        int first = plan.firstSlot(tile);
        for (int slot = first; slot < plan.firstSlot(tile + 1); slot++) {
            for (int gap = plan.firstGap(slot); gap < plan.firstGap(slot + 1); gap++) {
                long at = scores + 4L * (slot - first);
                for (int column = plan.gapFrom(gap); column < plan.gapTo(gap); column++) {
                    Lanes.set(at + column * row, value);
                }
            }
        }
    }
}
