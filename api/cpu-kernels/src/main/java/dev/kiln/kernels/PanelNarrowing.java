package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.BYTES;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.INTS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Writes a float32 matrix B[k, n] as bfloat16 panels, see {@link Panels}, a panel at a time. Finite
 * numbers round to nearest even.
 */
final class PanelNarrowing {
    private static final int WIDTH = Panels.WIDTH;
    private static final int PAIR_ROW = 4 * WIDTH;
    private static final int UPPER = 0xffff0000;

    /** Bytes of scratch that a call needs: a square of ints. */
    static final int SCRATCH = COUNT * BYTES;

    private PanelNarrowing() {}

    /** Of B stored row-major, from a column on. */
    static void plain(long out, long b, int k, int n, int column) {
        int columns = Math.min(WIDTH, n - column);
        int whole = Lanes.whole(columns);
        for (int row = 0; row < k; row += 2) {
            long at = b + 4 * ((long) row * n + column);
            long to = out + (long) PAIR_ROW * (row / 2);
            boolean both = row + 1 < k;
            for (int j = 0; j < whole; j += COUNT) {
                pair(to + 4L * j, at + 4L * j, both ? at + 4L * n + 4L * j : 0);
            }
            for (int j = whole; j < columns; j++) {
                int even = Bfloat16.narrow(Lanes.get(at + 4L * j)) & 0xffff;
                int odd = both ? Bfloat16.narrow(Lanes.get(at + 4L * (n + j))) << 16 : 0;
                Lanes.setInt(to + 4L * j, even | odd);
            }
            clear(to, columns);
        }
        clearRows(out, k);
    }

    private static void pair(long out, long even, long odd) {
        IntVector low = IntVector.fromMemorySegment(INTS, MEMORY, even, ORDER);
        low = low.add(0x7fff).add(low.lanewise(LSHR, 16).and(1)).lanewise(LSHR, 16);
        if (odd != 0) {
            IntVector high = IntVector.fromMemorySegment(INTS, MEMORY, odd, ORDER);
            high = high.add(0x7fff).add(high.lanewise(LSHR, 16).and(1));
            low = low.or(high.and(UPPER));
        }
        low.intoMemorySegment(MEMORY, out, ORDER);
    }

    /** Of B stored transposed, as [n, k]: squares of pairs are turned in scratch. */
    static void transposed(long out, long b, int k, int n, int column, long scratch) {
        int columns = Math.min(WIDTH, n - column);
        int whole = k - k % (2 * COUNT);
        for (int from = 0; from < columns; from += COUNT) {
            int count = Math.min(COUNT, columns - from);
            for (int row = 0; row < whole; row += 2 * COUNT) {
                for (int i = 0; i < count; i++) {
                    long at = b + 4 * ((long) (column + from + i) * k + row);
                    Bfloat16.narrow(scratch + (long) i * BYTES, at, 2 * COUNT);
                }
                Rows.clear(scratch + (long) count * BYTES, (COUNT - count) * COUNT);
                turn(scratch);
                long to = out + (long) PAIR_ROW * (row / 2) + 4L * from;
                for (int i = 0; i < COUNT; i++) {
                    FloatVector.fromMemorySegment(FLOATS, MEMORY, scratch + (long) i * BYTES, ORDER)
                            .intoMemorySegment(MEMORY, to + (long) PAIR_ROW * i, ORDER);
                }
            }
            rest(out, b, k, whole, column, from, count);
        }
        for (int row = 0; row < k; row += 2) {
            clear(out + (long) PAIR_ROW * (row / 2), columns);
        }
        clearRows(out, k);
    }

    private static void rest(long out, long b, int k, int row, int column, int from, int count) {
        for (int i = from; i < from + count; i++) {
            long at = b + 4 * ((long) (column + i) * k);
            for (int p = row; p < k; p += 2) {
                int even = Bfloat16.narrow(Lanes.get(at + 4L * p)) & 0xffff;
                int odd = p + 1 < k ? Bfloat16.narrow(Lanes.get(at + 4L * (p + 1))) << 16 : 0;
                Lanes.setInt(out + (long) PAIR_ROW * (p / 2) + 4L * i, even | odd);
            }
        }
    }

    /**
     * Transposes a square of COUNT × COUNT ints in place: exchanges ever smaller blocks across the
     * diagonal, a pair of rows at a time.
     */
    private static void turn(long square) {
        int stage = 0;
        for (int distance = COUNT / 2; distance > 0; distance /= 2) {
            VectorShuffle<Float> swap = Lanes.SWAPS[stage++];
            VectorMask<Float> upper = VectorMask.fromLong(FLOATS, upper(distance));
            for (int i = 0; i < COUNT; i++) {
                if ((i & distance) == 0) {
                    long first = square + (long) i * BYTES;
                    long second = first + (long) distance * BYTES;
                    FloatVector a = FloatVector.fromMemorySegment(FLOATS, MEMORY, first, ORDER);
                    FloatVector c = FloatVector.fromMemorySegment(FLOATS, MEMORY, second, ORDER);
                    a.blend(c.rearrange(swap), upper).intoMemorySegment(MEMORY, first, ORDER);
                    a.rearrange(swap).blend(c, upper).intoMemorySegment(MEMORY, second, ORDER);
                }
            }
        }
    }

    /** Lanes whose number has the bit. */
    private static long upper(int bit) {
        long lanes = 0;
        for (int lane = 0; lane < COUNT; lane++) {
            if ((lane & bit) != 0) {
                lanes |= 1L << lane;
            }
        }
        return lanes;
    }

    /** Zeros behind the columns of a row of pairs. */
    private static void clear(long pairs, int columns) {
        if (columns < WIDTH) {
            Rows.clear(pairs + 4L * columns, WIDTH - columns);
        }
    }

    /** Zeros behind the last pair, to whole blocks. */
    private static void clearRows(long out, int k) {
        int pairs = (k + 1) / 2;
        Rows.clear(out + (long) PAIR_ROW * pairs, (Panels.padded(k) / 2 - pairs) * WIDTH);
    }
}
