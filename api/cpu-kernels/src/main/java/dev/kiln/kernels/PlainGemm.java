package dev.kiln.kernels;

/** Three loops, summed in double: for tests, and the meaning of {@link Gemm}. Thread-safe. */
public final class PlainGemm implements Gemm {
    @Override
    public void multiply(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            long a,
            int lda,
            long b,
            int ldb,
            float beta,
            long c,
            int ldc) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += at(a, lda, transposeA, i, p) * at(b, ldb, transposeB, p, j);
                }
                long place = c + 4L * ((long) i * ldc + j);
                double old = beta == 0 ? 0 : beta * Lanes.get(place);
                Lanes.set(place, (float) (alpha * sum + old));
            }
        }
    }

    private static double at(long x, int lead, boolean transposed, int row, int column) {
        return Lanes.get(
                x + 4L * (transposed ? (long) column * lead + row : (long) row * lead + column));
    }

    @Override
    public boolean parallel() {
        return false;
    }
}
