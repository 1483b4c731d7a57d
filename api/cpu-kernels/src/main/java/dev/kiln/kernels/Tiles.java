package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.BYTES;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.FLOAT;
import static dev.kiln.kernels.Lanes.FLOATS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Products of small matrices whose results stay in registers: what attention is made of. C[m, n] =
 * C + A[m, k] · B[k, n]. A's elements are taken one by one, so it may lie transposed; B and C have
 * their columns side by side. Strides are in bytes.
 *
 * <p>Four rows of two vectors hide the latency of their multiplications and fit in 16 registers;
 * larger blocks were slower, being more than the compiler takes into one method. With masks even
 * four rows are too many for it, so an incomplete vector's rows are done one by one.
 */
final class Tiles {
    private Tiles() {}

    /** C = A · B. */
    static void multiply(
            int m,
            int n,
            int k,
            long a,
            long aRow,
            long aStep,
            long b,
            long bRow,
            long c,
            long cRow) {
        for (int i = 0; i < m; i++) {
            Rows.clear(c + i * cRow, n);
        }
        addProduct(m, n, k, a, aRow, aStep, b, bRow, c, cRow);
    }

    /** C = C + A · B. */
    static void addProduct(
            int m,
            int n,
            int k,
            long a,
            long aRow,
            long aStep,
            long b,
            long bRow,
            long c,
            long cRow) {
        int fours = m - m % 4;
        int pairs = n - n % (2 * COUNT);
        for (int j = 0; j < pairs; j += 2 * COUNT) {
            for (int i = 0; i < fours; i += 4) {
                fourPairs(
                        k,
                        a + i * aRow,
                        aRow,
                        aStep,
                        b + 4L * j,
                        bRow,
                        c + i * cRow + 4L * j,
                        cRow);
            }
            for (int i = fours; i < m; i++) {
                onePair(k, a + i * aRow, aStep, b + 4L * j, bRow, c + i * cRow + 4L * j);
            }
        }
        for (int j = pairs; j + COUNT <= n; j += COUNT) {
            for (int i = 0; i < fours; i += 4) {
                fourSingles(
                        k,
                        a + i * aRow,
                        aRow,
                        aStep,
                        b + 4L * j,
                        bRow,
                        c + i * cRow + 4L * j,
                        cRow);
            }
            for (int i = fours; i < m; i++) {
                one(COUNT, k, a + i * aRow, aStep, b + 4L * j, bRow, c + i * cRow + 4L * j);
            }
        }
        int whole = Lanes.whole(n);
        if (whole < n) {
            for (int i = 0; i < m; i++) {
                one(
                        n - whole,
                        k,
                        a + i * aRow,
                        aStep,
                        b + 4L * whole,
                        bRow,
                        c + i * cRow + 4L * whole);
            }
        }
    }

    private static void fourPairs(
            int k, long a, long aRow, long aStep, long b, long bRow, long c, long cRow) {
        FloatVector l0 = fromMemorySegment(FLOATS, MEMORY, c, ORDER);
        FloatVector l1 = fromMemorySegment(FLOATS, MEMORY, c + cRow, ORDER);
        FloatVector l2 = fromMemorySegment(FLOATS, MEMORY, c + 2 * cRow, ORDER);
        FloatVector l3 = fromMemorySegment(FLOATS, MEMORY, c + 3 * cRow, ORDER);
        FloatVector r0 = fromMemorySegment(FLOATS, MEMORY, c + BYTES, ORDER);
        FloatVector r1 = fromMemorySegment(FLOATS, MEMORY, c + cRow + BYTES, ORDER);
        FloatVector r2 = fromMemorySegment(FLOATS, MEMORY, c + 2 * cRow + BYTES, ORDER);
        FloatVector r3 = fromMemorySegment(FLOATS, MEMORY, c + 3 * cRow + BYTES, ORDER);
        for (int p = 0; p < k; p++) {
            long at = a + p * aStep;
            FloatVector left = fromMemorySegment(FLOATS, MEMORY, b + p * bRow, ORDER);
            FloatVector right = fromMemorySegment(FLOATS, MEMORY, b + p * bRow + BYTES, ORDER);
            FloatVector x = broadcast(FLOATS, MEMORY.get(FLOAT, at));
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = broadcast(FLOATS, MEMORY.get(FLOAT, at + aRow));
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = broadcast(FLOATS, MEMORY.get(FLOAT, at + 2 * aRow));
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = broadcast(FLOATS, MEMORY.get(FLOAT, at + 3 * aRow));
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
        }
        l0.intoMemorySegment(MEMORY, c, ORDER);
        r0.intoMemorySegment(MEMORY, c + BYTES, ORDER);
        l1.intoMemorySegment(MEMORY, c + cRow, ORDER);
        r1.intoMemorySegment(MEMORY, c + cRow + BYTES, ORDER);
        l2.intoMemorySegment(MEMORY, c + 2 * cRow, ORDER);
        r2.intoMemorySegment(MEMORY, c + 2 * cRow + BYTES, ORDER);
        l3.intoMemorySegment(MEMORY, c + 3 * cRow, ORDER);
        r3.intoMemorySegment(MEMORY, c + 3 * cRow + BYTES, ORDER);
    }

    private static void onePair(int k, long a, long aStep, long b, long bRow, long c) {
        FloatVector l0 = FloatVector.zero(FLOATS);
        FloatVector l1 = FloatVector.zero(FLOATS);
        FloatVector r0 = FloatVector.zero(FLOATS);
        FloatVector r1 = FloatVector.zero(FLOATS);
        int even = k - k % 2;
        for (int p = 0; p < even; p += 2) {
            FloatVector x = broadcast(FLOATS, MEMORY.get(FLOAT, a + p * aStep));
            FloatVector y = broadcast(FLOATS, MEMORY.get(FLOAT, a + (p + 1) * aStep));
            long at = b + p * bRow;
            l0 = x.fma(fromMemorySegment(FLOATS, MEMORY, at, ORDER), l0);
            r0 = x.fma(fromMemorySegment(FLOATS, MEMORY, at + BYTES, ORDER), r0);
            l1 = y.fma(fromMemorySegment(FLOATS, MEMORY, at + bRow, ORDER), l1);
            r1 = y.fma(fromMemorySegment(FLOATS, MEMORY, at + bRow + BYTES, ORDER), r1);
        }
        if (even < k) {
            FloatVector x = broadcast(FLOATS, MEMORY.get(FLOAT, a + even * aStep));
            l0 = x.fma(fromMemorySegment(FLOATS, MEMORY, b + even * bRow, ORDER), l0);
            r0 = x.fma(fromMemorySegment(FLOATS, MEMORY, b + even * bRow + BYTES, ORDER), r0);
        }
        fromMemorySegment(FLOATS, MEMORY, c, ORDER)
                .add(l0.add(l1))
                .intoMemorySegment(MEMORY, c, ORDER);
        fromMemorySegment(FLOATS, MEMORY, c + BYTES, ORDER)
                .add(r0.add(r1))
                .intoMemorySegment(MEMORY, c + BYTES, ORDER);
    }

    private static void fourSingles(
            int k, long a, long aRow, long aStep, long b, long bRow, long c, long cRow) {
        FloatVector x0 = fromMemorySegment(FLOATS, MEMORY, c, ORDER);
        FloatVector x1 = fromMemorySegment(FLOATS, MEMORY, c + cRow, ORDER);
        FloatVector x2 = fromMemorySegment(FLOATS, MEMORY, c + 2 * cRow, ORDER);
        FloatVector x3 = fromMemorySegment(FLOATS, MEMORY, c + 3 * cRow, ORDER);
        for (int p = 0; p < k; p++) {
            long at = a + p * aStep;
            FloatVector y = fromMemorySegment(FLOATS, MEMORY, b + p * bRow, ORDER);
            x0 = broadcast(FLOATS, MEMORY.get(FLOAT, at)).fma(y, x0);
            x1 = broadcast(FLOATS, MEMORY.get(FLOAT, at + aRow)).fma(y, x1);
            x2 = broadcast(FLOATS, MEMORY.get(FLOAT, at + 2 * aRow)).fma(y, x2);
            x3 = broadcast(FLOATS, MEMORY.get(FLOAT, at + 3 * aRow)).fma(y, x3);
        }
        x0.intoMemorySegment(MEMORY, c, ORDER);
        x1.intoMemorySegment(MEMORY, c + cRow, ORDER);
        x2.intoMemorySegment(MEMORY, c + 2 * cRow, ORDER);
        x3.intoMemorySegment(MEMORY, c + 3 * cRow, ORDER);
    }

    private static void one(int lanes, int k, long a, long aStep, long b, long bRow, long c) {
        VectorMask<Float> mask = VectorMask.fromLong(FLOATS, Lanes.bits(lanes));
        FloatVector x = FloatVector.zero(FLOATS);
        for (int p = 0; p < k; p++) {
            x =
                    broadcast(FLOATS, MEMORY.get(FLOAT, a + p * aStep))
                            .fma(fromMemorySegment(FLOATS, MEMORY, b + p * bRow, ORDER, mask), x);
        }
        fromMemorySegment(FLOATS, MEMORY, c, ORDER, mask)
                .add(x)
                .intoMemorySegment(MEMORY, c, ORDER, mask);
    }

    /** out[columns, rows] = xᵀ of x[rows, columns]; strides in bytes. */
    static void transpose(long out, long outRow, long x, long xRow, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            long from = x + i * xRow;
            long to = out + 4L * i;
            for (int j = 0; j < columns; j++) {
                Lanes.set(to, Lanes.get(from + 4L * j));
                to += outRow;
            }
        }
    }
}
