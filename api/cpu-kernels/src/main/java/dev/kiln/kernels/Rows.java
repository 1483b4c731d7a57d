package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.load;
import static dev.kiln.kernels.Lanes.store;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Loops over the rows of a matrix, of any length; row strides count floats. */
final class Rows {
    private Rows() {}

    /** out = out + x, for n floats. */
    static void add(long out, long x, int n) {
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += COUNT) {
            store(load(out + 4L * j).add(load(x + 4L * j)), out + 4L * j);
        }
        if (whole < n) {
            VectorMask<Float> mask = Lanes.first(n - whole);
            long at = 4L * whole;
            store(load(out + at, mask).add(load(x + at, mask)), out + at, mask);
        }
    }

    /** out = x · factor, for n floats. */
    static void scale(long out, long x, float factor, int n) {
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += COUNT) {
            store(load(x + 4L * j).mul(factor), out + 4L * j);
        }
        if (whole < n) {
            VectorMask<Float> mask = Lanes.first(n - whole);
            store(load(x + 4L * whole, mask).mul(factor), out + 4L * whole, mask);
        }
    }

    /** out = 0, for n floats. */
    static void clear(long out, int n) {
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += COUNT) {
            store(Lanes.zero(), out + 4L * j);
        }
        if (whole < n) {
            store(Lanes.zero(), out + 4L * whole, Lanes.first(n - whole));
        }
    }

    static float dot(long a, long b, int n) {
        int whole = Lanes.whole(n);
        FloatVector sum = Lanes.zero();
        for (int j = 0; j < whole; j += COUNT) {
            sum = load(a + 4L * j).fma(load(b + 4L * j), sum);
        }
        if (whole < n) {
            VectorMask<Float> mask = Lanes.first(n - whole);
            sum = load(a + 4L * whole, mask).fma(load(b + 4L * whole, mask), sum);
        }
        return Lanes.sum(sum);
    }

    static void copy(long out, long x, int n) {
        MemorySegment.copy(Lanes.segment(x, 4L * n), 0, Lanes.segment(out, 4L * n), 0, 4L * n);
    }

    /** Adds the bias to rows [from, to). */
    static void addBias(long x, long bias, int columns, int from, int to) {
        for (int n = from; n < to; n++) {
            add(x + 4L * n * columns, bias, columns);
        }
    }

    /** sum = sum + rows [from, to) of x, four at a time. */
    static void addSum(long sum, long x, int columns, int from, int to) {
        int fours = from + (to - from) / 4 * 4;
        for (int n = from; n < fours; n += 4) {
            addFour(sum, x + 4L * n * columns, columns);
        }
        for (int n = fours; n < to; n++) {
            add(sum, x + 4L * n * columns, columns);
        }
    }

    private static void addFour(long sum, long x, int columns) {
        long row = 4L * columns;
        int whole = Lanes.whole(columns);
        for (int j = 0; j < whole; j += COUNT) {
            long at = x + 4L * j;
            FloatVector first = load(at).add(load(at + row));
            FloatVector second = load(at + 2 * row).add(load(at + 3 * row));
            store(load(sum + 4L * j).add(first.add(second)), sum + 4L * j);
        }
        for (int j = whole; j < columns; j++) {
            long at = x + 4L * j;
            float first = Lanes.get(at) + Lanes.get(at + row);
            float second = Lanes.get(at + 2 * row) + Lanes.get(at + 3 * row);
            Lanes.set(sum + 4L * j, Lanes.get(sum + 4L * j) + (first + second));
        }
    }

    /**
     * A wrong id would read or write memory that isn't the table's.
     *
     * @throws IndexOutOfBoundsException when an id is not in [0, bound)
     */
    static void checkIds(long ids, int count, int bound) {
        for (int n = 0; n < count; n++) {
            Objects.checkIndex(Lanes.getInt(ids + 4L * n), bound);
        }
    }

    /** Rows ids[from..to) of a table. */
    static void gather(long out, long table, long ids, int columns, int from, int to) {
        for (int n = from; n < to; n++) {
            copy(out + 4L * n * columns, row(table, ids, n, columns), columns);
        }
    }

    /** Adds all rows whose id is the share's: so no two workers add to one row, in order of n. */
    static void scatterAdd(long sum, long x, long ids, int columns, int rows, int share, int of) {
        for (int n = 0; n < rows; n++) {
            if (Lanes.getInt(ids + 4L * n) % of == share) {
                add(row(sum, ids, n, columns), x + 4L * n * columns, columns);
            }
        }
    }

    private static long row(long table, long ids, int n, int columns) {
        return table + 4L * Lanes.getInt(ids + 4L * n) * columns;
    }
}
