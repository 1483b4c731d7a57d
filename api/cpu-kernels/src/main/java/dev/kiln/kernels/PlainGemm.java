package dev.kiln.kernels;

import dev.kiln.spi.backend.DType;
import java.util.Set;

/** Three loops, summed in double: for tests, and the meaning of {@link Gemm}. Thread-safe. */
public final class PlainGemm implements Gemm {
    @Override
    public void multiply(Product of, long a, long b, long bias, long c) {
        for (int i = 0; i < of.m(); i++) {
            for (int j = 0; j < of.n(); j++) {
                double sum = 0;
                for (int p = 0; p < of.k(); p++) {
                    long left = place(of.lda(), of.transposeA(), i, p);
                    long right =
                            of.panels()
                                    ? inPanels(of.k(), p, j)
                                    : place(of.ldb(), of.transposeB(), p, j);
                    sum += (double) get(of.a(), a, left) * get(of.b(), b, right);
                }
                long at = (long) i * of.ldc() + j;
                double old = of.beta() == 0 ? 0 : of.beta() * get(of.c(), c, at);
                double offset = of.biased() ? Lanes.get(bias + 4L * j) : 0;
                set(of.c(), c, at, (float) (of.alpha() * sum + offset + old));
            }
        }
    }

    private static long place(int lead, boolean transposed, int row, int column) {
        return transposed ? (long) column * lead + row : (long) row * lead + column;
    }

    private static long inPanels(int k, int row, int column) {
        int panel = column / Panels.WIDTH;
        long pair = (long) panel * Panels.padded(k) / 2 + row / 2;
        return 2 * (pair * Panels.WIDTH + column % Panels.WIDTH) + row % 2;
    }

    private static float get(DType type, long x, long at) {
        return type == DType.FLOAT32 ? Lanes.get(x + 4 * at) : Bfloat16.get(x + 2 * at);
    }

    private static void set(DType type, long x, long at, float value) {
        if (type == DType.FLOAT32) {
            Lanes.set(x + 4 * at, value);
        } else {
            Bfloat16.set(x + 2 * at, value);
        }
    }

    @Override
    public Set<DType> types() {
        return Set.of(DType.FLOAT32, DType.BFLOAT16);
    }

    @Override
    public boolean readsPanels() {
        return true;
    }

    @Override
    public boolean parallel() {
        return false;
    }
}
