package dev.kiln.kernels;

/**
 * Single-precision matrix products on raw memory, which a backend takes from its library.
 * Row-major; leading dimensions count floats.
 */
public interface Gemm {

    /**
     * C[m, n] = alpha · op(A) · op(B) + beta · C with op(A) [m, k] and op(B) [k, n]. With {@code
     * beta == 0} C is not read. All sizes are at least 1. Called by several threads at a time, each
     * on an output of its own, if {@link #parallel} is false.
     */
    void multiply(
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
            int ldc);

    /** Whether one call uses all cores by itself, and is then made by one thread on the whole. */
    boolean parallel();
}
