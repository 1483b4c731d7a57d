package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The scores of a tile that do not count, as a key is hidden from a query. A slot is a bit; the slots
 * whose gaps begin or end at a column are a long of it, so that a walk over the columns knows which
 * slots a column is hidden from.
 */
final class Gaps {
    private Gaps() {}

    /** Memory for a tile of so many columns, of whole cache lines. */
    static long bytes(int columns) {
        return Long.BYTES * (columns / 8 + 1) * 8L;
    }

    /**
     * Writes where gaps begin and end, or nothing.
     *
     * @return whether the tile has any
     */
    static boolean find(AttentionPlan plan, int tile, long ends) {
        int first = plan.firstSlot(tile);
        int after = plan.firstSlot(tile + 1);
        if (plan.firstGap(first) == plan.firstGap(after)) {
            return false;
        }
        Rows.clear(ends, Math.toIntExact(bytes(plan.columns(tile)) / 4));
        for (int slot = first; slot < after; slot++) {
            long bit = 1L << (slot - first);
            for (int gap = plan.firstGap(slot); gap < plan.firstGap(slot + 1); gap++) {
                toggle(ends, plan.gapFrom(gap), bit);
                toggle(ends, plan.gapTo(gap), bit);
            }
        }
        return true;
    }

    private static void toggle(long ends, int column, long bit) {
        long at = ends + (long) Long.BYTES * column;
        Lanes.setLong(at, Lanes.getLong(at) ^ bit);
    }

    /** Writes a value into all gaps of scores [columns, lanes]. */
    static void fill(long scores, int columns, int lanes, float value, long ends) {
        FloatVector values = FloatVector.broadcast(FLOATS, value);
        long hidden = 0;
        for (int column = 0; column < columns; column++) {
            hidden ^= Lanes.getLong(ends + (long) Long.BYTES * column);
            long at = scores + 4L * column * lanes;
            for (int lane = 0; hidden != 0 && lane < lanes; lane += COUNT) {
                values.intoMemorySegment(
                        MEMORY,
                        at + 4L * lane,
                        ORDER,
                        VectorMask.fromLong(FLOATS, hidden >>> lane));
            }
        }
    }
}
