package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** Loops over the rows of a matrix, of any length; row strides count floats. */
final class Rows {
    private Rows() {}

    /** out = out + x, for n floats. */
    static void add(long out, long x, int n) {
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += COUNT) {
            fromMemorySegment(FLOATS, MEMORY, out + 4L * j, ORDER)
                    .add(fromMemorySegment(FLOATS, MEMORY, x + 4L * j, ORDER))
                    .intoMemorySegment(MEMORY, out + 4L * j, ORDER);
        }
        if (whole < n) {
            VectorMask<Float> mask = VectorMask.fromLong(FLOATS, Lanes.bits(n - whole));
            long at = 4L * whole;
            fromMemorySegment(FLOATS, MEMORY, out + at, ORDER, mask)
                    .add(fromMemorySegment(FLOATS, MEMORY, x + at, ORDER, mask))
                    .intoMemorySegment(MEMORY, out + at, ORDER, mask);
        }
    }

    /** out = x · factor, for n floats. */
    static void scale(long out, long x, float factor, int n) {
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += COUNT) {
            fromMemorySegment(FLOATS, MEMORY, x + 4L * j, ORDER)
                    .mul(factor)
                    .intoMemorySegment(MEMORY, out + 4L * j, ORDER);
        }
        if (whole < n) {
            VectorMask<Float> mask = VectorMask.fromLong(FLOATS, Lanes.bits(n - whole));
            fromMemorySegment(FLOATS, MEMORY, x + 4L * whole, ORDER, mask)
                    .mul(factor)
                    .intoMemorySegment(MEMORY, out + 4L * whole, ORDER, mask);
        }
    }

    /** out = 0, for n floats. */
    static void clear(long out, int n) {
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += COUNT) {
            FloatVector.zero(FLOATS).intoMemorySegment(MEMORY, out + 4L * j, ORDER);
        }
        if (whole < n) {
            FloatVector.zero(FLOATS)
                    .intoMemorySegment(
                            MEMORY,
                            out + 4L * whole,
                            ORDER,
                            VectorMask.fromLong(FLOATS, Lanes.bits(n - whole)));
        }
    }

    static float dot(long a, long b, int n) {
        int whole = Lanes.whole(n);
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int j = 0; j < whole; j += COUNT) {
            sum =
                    fromMemorySegment(FLOATS, MEMORY, a + 4L * j, ORDER)
                            .fma(fromMemorySegment(FLOATS, MEMORY, b + 4L * j, ORDER), sum);
        }
        if (whole < n) {
            VectorMask<Float> mask = VectorMask.fromLong(FLOATS, Lanes.bits(n - whole));
            sum =
                    fromMemorySegment(FLOATS, MEMORY, a + 4L * whole, ORDER, mask)
                            .fma(
                                    fromMemorySegment(FLOATS, MEMORY, b + 4L * whole, ORDER, mask),
                                    sum);
        }
        for (VectorShuffle<Float> swap : Lanes.SWAPS) {
            sum = sum.add(sum.rearrange(swap));
        }
        return sum.lane(0);
    }

    /** out[i] = a · row i of b, for n rows that are bRow bytes apart; four at a time. */
    static void dots(long out, long a, long b, long bRow, int n, int size) {
        int fours = size % COUNT == 0 ? n - n % 4 : 0;
        for (int i = 0; i < fours; i += 4) {
            fourDots(out + 4L * i, a, b + i * bRow, bRow, size);
        }
        for (int i = fours; i < n; i++) {
            Lanes.set(out + 4L * i, dot(a, b + i * bRow, size));
        }
    }

    private static void fourDots(long out, long a, long b, long bRow, int size) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = FloatVector.zero(FLOATS);
        FloatVector s2 = FloatVector.zero(FLOATS);
        FloatVector s3 = FloatVector.zero(FLOATS);
        for (long at = b; at < b + 4L * size; at += 4L * COUNT) {
            FloatVector x = fromMemorySegment(FLOATS, MEMORY, a + at - b, ORDER);
            s0 = x.fma(fromMemorySegment(FLOATS, MEMORY, at, ORDER), s0);
            s1 = x.fma(fromMemorySegment(FLOATS, MEMORY, at + bRow, ORDER), s1);
            s2 = x.fma(fromMemorySegment(FLOATS, MEMORY, at + 2 * bRow, ORDER), s2);
            s3 = x.fma(fromMemorySegment(FLOATS, MEMORY, at + 3 * bRow, ORDER), s3);
        }
        for (VectorShuffle<Float> swap : Lanes.SWAPS) {
            s0 = s0.add(s0.rearrange(swap));
            s1 = s1.add(s1.rearrange(swap));
            s2 = s2.add(s2.rearrange(swap));
            s3 = s3.add(s3.rearrange(swap));
        }
        Lanes.set(out, s0.lane(0));
        Lanes.set(out + 4, s1.lane(0));
        Lanes.set(out + 8, s2.lane(0));
        Lanes.set(out + 12, s3.lane(0));
    }

    /** out = x, for few floats, without a call. */
    static void move(long out, long x, int n) {
        int whole = Lanes.whole(n);
        for (int j = 0; j < whole; j += COUNT) {
            fromMemorySegment(FLOATS, MEMORY, x + 4L * j, ORDER)
                    .intoMemorySegment(MEMORY, out + 4L * j, ORDER);
        }
        if (whole < n) {
            VectorMask<Float> mask = VectorMask.fromLong(FLOATS, Lanes.bits(n - whole));
            fromMemorySegment(FLOATS, MEMORY, x + 4L * whole, ORDER, mask)
                    .intoMemorySegment(MEMORY, out + 4L * whole, ORDER, mask);
        }
    }

    static void copy(long out, long x, int n) {
        Lanes.copy(out, x, 4L * n);
    }

    /** Adds the bias to rows [from, to); with scratch of a row. */
    static void addBias(Elements x, long bias, int columns, int from, int to, long scratch) {
        for (int n = from; n < to; n++) {
            long first = (long) n * columns;
            long row = x.read(first, columns, scratch);
            add(row, bias, columns);
            x.store(first, columns, row);
        }
    }

    /** sum = sum + rows [from, to) of x, four at a time. */
    static void addSum(long sum, Elements x, int columns, int from, int to) {
        int fours = from + (to - from) / 4 * 4;
        for (int n = from; n < fours; n += 4) {
            long at = x.at((long) n * columns);
            if (x.wide()) {
                addFour(sum, at, columns);
            } else {
                Bfloat16.addFour(sum, at, columns);
            }
        }
        for (int n = fours; n < to; n++) {
            add(sum, x, (long) n * columns, columns);
        }
    }

    /** sum = sum + n elements of x. */
    private static void add(long sum, Elements x, long first, int n) {
        if (x.wide()) {
            add(sum, x.at(first), n);
        } else {
            Bfloat16.add(sum, x.at(first), n);
        }
    }

    private static void addFour(long sum, long x, int columns) {
        long row = 4L * columns;
        int whole = Lanes.whole(columns);
        for (int j = 0; j < whole; j += COUNT) {
            long at = x + 4L * j;
            FloatVector first =
                    fromMemorySegment(FLOATS, MEMORY, at, ORDER)
                            .add(fromMemorySegment(FLOATS, MEMORY, at + row, ORDER));
            FloatVector second =
                    fromMemorySegment(FLOATS, MEMORY, at + 2 * row, ORDER)
                            .add(fromMemorySegment(FLOATS, MEMORY, at + 3 * row, ORDER));
            fromMemorySegment(FLOATS, MEMORY, sum + 4L * j, ORDER)
                    .add(first.add(second))
                    .intoMemorySegment(MEMORY, sum + 4L * j, ORDER);
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

    /** Rows ids[from..to) of a table, which is of the same type as out or FLOAT32. */
    static void gather(Elements out, Elements table, long ids, int columns, int from, int to) {
        for (int n = from; n < to; n++) {
            long at = out.at((long) n * columns);
            long row = table.at(row(ids, n, columns));
            if (out.type() == table.type()) {
                Lanes.copy(at, row, (long) out.type().bytes() * columns);
            } else {
                Bfloat16.narrow(at, row, columns);
            }
        }
    }

    /** Adds all rows whose id is the share's: so no two workers add to one row, in order of n. */
    static void scatterAdd(
            long sum, Elements x, long ids, int columns, int rows, int share, int of) {
        for (int n = 0; n < rows; n++) {
            if (Lanes.getInt(ids + 4L * n) % of == share) {
                add(sum + 4 * row(ids, n, columns), x, (long) n * columns, columns);
            }
        }
    }

    /** The first element of row ids[n]. */
    private static long row(long ids, int n, int columns) {
        return (long) Lanes.getInt(ids + 4L * n) * columns;
    }
}
