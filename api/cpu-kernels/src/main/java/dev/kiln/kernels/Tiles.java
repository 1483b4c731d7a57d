package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.BYTES;
import static dev.kiln.kernels.Lanes.COUNT;
import static dev.kiln.kernels.Lanes.load;
import static dev.kiln.kernels.Lanes.spread;
import static dev.kiln.kernels.Lanes.store;
import static dev.kiln.kernels.Lanes.zero;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Products of small matrices whose results stay in registers: what attention is made of. C[m, n] =
 * A[m, k] · B[k, n], or C + A · B. A's elements are taken one by one, so it may lie transposed; B
 * and C have their columns side by side. Strides are in bytes.
 */
final class Tiles {
    /** Eight rows of two vectors need more than the 16 registers of older x86 processors. */
    private static final boolean MANY_REGISTERS = BYTES == 64 || isArm();

    private Tiles() {}

    private static boolean isArm() {
        return System.getProperty("os.arch").equals("aarch64");
    }

    static void multiply(
            boolean add,
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
        int pairs = n - n % (2 * COUNT);
        for (int j = 0; j < pairs; j += 2 * COUNT) {
            columnPair(add, m, k, a, aRow, aStep, b + 4L * j, bRow, c + 4L * j, cRow);
        }
        for (int j = pairs; j < n; j += COUNT) {
            int lanes = Math.min(COUNT, n - j);
            column(add, m, lanes, k, a, aRow, aStep, b + 4L * j, bRow, c + 4L * j, cRow);
        }
    }

    private static void columnPair(
            boolean add,
            int m,
            int k,
            long a,
            long aRow,
            long aStep,
            long b,
            long bRow,
            long c,
            long cRow) {
        int i = 0;
        if (MANY_REGISTERS) {
            for (; i + 8 <= m; i += 8) {
                eightPairs(add, k, a + i * aRow, aRow, aStep, b, bRow, c + i * cRow, cRow);
            }
        }
        for (; i + 4 <= m; i += 4) {
            fourPairs(add, k, a + i * aRow, aRow, aStep, b, bRow, c + i * cRow, cRow);
        }
        for (; i < m; i++) {
            onePair(add, k, a + i * aRow, aStep, b, bRow, c + i * cRow);
        }
    }

    private static void column(
            boolean add,
            int m,
            int lanes,
            int k,
            long a,
            long aRow,
            long aStep,
            long b,
            long bRow,
            long c,
            long cRow) {
        int i = 0;
        for (; i + 4 <= m; i += 4) {
            four(add, lanes, k, a + i * aRow, aRow, aStep, b, bRow, c + i * cRow, cRow);
        }
        for (; i < m; i++) {
            one(add, lanes, k, a + i * aRow, aStep, b, bRow, c + i * cRow);
        }
    }

    private static void eightPairs(
            boolean add,
            int k,
            long a,
            long aRow,
            long aStep,
            long b,
            long bRow,
            long c,
            long cRow) {
        FloatVector l0 = zero(), l1 = zero(), l2 = zero(), l3 = zero();
        FloatVector l4 = zero(), l5 = zero(), l6 = zero(), l7 = zero();
        FloatVector r0 = zero(), r1 = zero(), r2 = zero(), r3 = zero();
        FloatVector r4 = zero(), r5 = zero(), r6 = zero(), r7 = zero();
        for (int p = 0; p < k; p++) {
            long at = a + p * aStep;
            FloatVector left = load(b + p * bRow);
            FloatVector right = load(b + p * bRow + BYTES);
            FloatVector x = spread(at);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = spread(at + aRow);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = spread(at + 2 * aRow);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = spread(at + 3 * aRow);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = spread(at + 4 * aRow);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            x = spread(at + 5 * aRow);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
            x = spread(at + 6 * aRow);
            l6 = x.fma(left, l6);
            r6 = x.fma(right, r6);
            x = spread(at + 7 * aRow);
            l7 = x.fma(left, l7);
            r7 = x.fma(right, r7);
        }
        put(add, l0, r0, c);
        put(add, l1, r1, c + cRow);
        put(add, l2, r2, c + 2 * cRow);
        put(add, l3, r3, c + 3 * cRow);
        put(add, l4, r4, c + 4 * cRow);
        put(add, l5, r5, c + 5 * cRow);
        put(add, l6, r6, c + 6 * cRow);
        put(add, l7, r7, c + 7 * cRow);
    }

    private static void fourPairs(
            boolean add,
            int k,
            long a,
            long aRow,
            long aStep,
            long b,
            long bRow,
            long c,
            long cRow) {
        FloatVector l0 = zero(), l1 = zero(), l2 = zero(), l3 = zero();
        FloatVector r0 = zero(), r1 = zero(), r2 = zero(), r3 = zero();
        for (int p = 0; p < k; p++) {
            long at = a + p * aStep;
            FloatVector left = load(b + p * bRow);
            FloatVector right = load(b + p * bRow + BYTES);
            FloatVector x = spread(at);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = spread(at + aRow);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = spread(at + 2 * aRow);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = spread(at + 3 * aRow);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
        }
        put(add, l0, r0, c);
        put(add, l1, r1, c + cRow);
        put(add, l2, r2, c + 2 * cRow);
        put(add, l3, r3, c + 3 * cRow);
    }

    private static void onePair(
            boolean add, int k, long a, long aStep, long b, long bRow, long c) {
        FloatVector l0 = zero(), l1 = zero();
        FloatVector r0 = zero(), r1 = zero();
        int even = k - k % 2;
        for (int p = 0; p < even; p += 2) {
            FloatVector x = spread(a + p * aStep);
            FloatVector y = spread(a + (p + 1) * aStep);
            long at = b + p * bRow;
            l0 = x.fma(load(at), l0);
            r0 = x.fma(load(at + BYTES), r0);
            l1 = y.fma(load(at + bRow), l1);
            r1 = y.fma(load(at + bRow + BYTES), r1);
        }
        if (even < k) {
            FloatVector x = spread(a + even * aStep);
            l0 = x.fma(load(b + even * bRow), l0);
            r0 = x.fma(load(b + even * bRow + BYTES), r0);
        }
        put(add, l0.add(l1), r0.add(r1), c);
    }

    private static void put(boolean add, FloatVector left, FloatVector right, long c) {
        if (add) {
            store(load(c).add(left), c);
            store(load(c + BYTES).add(right), c + BYTES);
        } else {
            store(left, c);
            store(right, c + BYTES);
        }
    }

    private static void four(
            boolean add,
            int lanes,
            int k,
            long a,
            long aRow,
            long aStep,
            long b,
            long bRow,
            long c,
            long cRow) {
        VectorMask<Float> mask = Lanes.first(lanes);
        FloatVector x0 = zero(), x1 = zero(), x2 = zero(), x3 = zero();
        for (int p = 0; p < k; p++) {
            long at = a + p * aStep;
            FloatVector y = load(b + p * bRow, mask);
            x0 = spread(at).fma(y, x0);
            x1 = spread(at + aRow).fma(y, x1);
            x2 = spread(at + 2 * aRow).fma(y, x2);
            x3 = spread(at + 3 * aRow).fma(y, x3);
        }
        put(add, x0, c, mask);
        put(add, x1, c + cRow, mask);
        put(add, x2, c + 2 * cRow, mask);
        put(add, x3, c + 3 * cRow, mask);
    }

    private static void one(
            boolean add, int lanes, int k, long a, long aStep, long b, long bRow, long c) {
        VectorMask<Float> mask = Lanes.first(lanes);
        FloatVector x = zero();
        for (int p = 0; p < k; p++) {
            x = spread(a + p * aStep).fma(load(b + p * bRow, mask), x);
        }
        put(add, x, c, mask);
    }

    private static void put(boolean add, FloatVector x, long c, VectorMask<Float> mask) {
        if (add) {
            store(load(c, mask).add(x), c, mask);
        } else {
            store(x, c, mask);
        }
    }

    /** out[columns, rows] = xᵀ of x[rows, columns]; strides in bytes. */
    static void transpose(long out, long outRow, long x, long xRow, int rows, int columns) {
        for (int i = 0; i < rows; i += 16) {
            int end = Math.min(rows, i + 16);
            for (int j = 0; j < columns; j++) {
                for (int r = i; r < end; r++) {
                    Lanes.set(out + j * outRow + 4L * r, Lanes.get(x + r * xRow + 4L * j));
                }
            }
        }
    }
}
