package dev.kiln.kernels;

import dev.kiln.spi.backend.DType;
import java.util.Set;

/** Matrix products on raw memory, which a backend takes from its library. */
public interface Gemm {

    /**
     * Everything about a product but where its operands are: what a library may prepare once and
     * keep. C[m, n] = alpha · op(A) · op(B) + beta · C, row-major, with op(A) [m, k] and op(B) [k, n];
     * with {@code beta == 0} C is not read. All sizes are at least 1. Sums are float32 or better; a
     * BFLOAT16 result is rounded once.
     *
     * @param a type of A, and of B
     * @param lda elements from a row of A, as stored, to the next
     * @param biased whether a float32 bias[n] is added to each row; then beta is 0
     * @param panels whether B lies in {@link Panels} and is BFLOAT16; transposeB and ldb say nothing
     *     then. Only where the library {@link #readsPanels}
     */
    record Product(
            DType a,
            boolean transposeA,
            int lda,
            DType b,
            boolean transposeB,
            int ldb,
            DType c,
            int ldc,
            int m,
            int n,
            int k,
            float alpha,
            float beta,
            boolean biased,
            boolean panels) {

        /** With B as it is. */
        public Product(
                DType a,
                boolean transposeA,
                int lda,
                DType b,
                boolean transposeB,
                int ldb,
                DType c,
                int ldc,
                int m,
                int n,
                int k,
                float alpha,
                float beta,
                boolean biased) {
            this(
                    a,
                    transposeA,
                    lda,
                    b,
                    transposeB,
                    ldb,
                    c,
                    ldc,
                    m,
                    n,
                    k,
                    alpha,
                    beta,
                    biased,
                    false);
        }

        /** Of FLOAT32 alone, without bias. */
        public static Product ofFloats(
                boolean transposeA,
                int lda,
                boolean transposeB,
                int ldb,
                int ldc,
                int m,
                int n,
                int k,
                float alpha,
                float beta) {
            DType type = DType.FLOAT32;
            return new Product(
                    type,
                    transposeA,
                    lda,
                    type,
                    transposeB,
                    ldb,
                    type,
                    ldc,
                    m,
                    n,
                    k,
                    alpha,
                    beta,
                    false);
        }
    }

    /**
     * Called by several threads at a time, each on an output of its own, if {@link #parallel} is
     * false.
     *
     * @param bias address, not read unless the product is biased
     */
    void multiply(Product product, long a, long b, long bias, long c);

    /** Types of factors and results that it takes; always FLOAT32. */
    Set<DType> types();

    /** Whether it takes a second factor in {@link Panels}. */
    default boolean readsPanels() {
        return false;
    }

    /** Whether one call uses all cores by itself, and is then made by one thread on the whole. */
    boolean parallel();

    /** Writes the bias to every row of C, for a library that can only add a product to it. */
    static void writeBias(Product product, long bias, long c) {
        for (int row = 0; row < product.m(); row++) {
            Rows.copy(c + 4L * row * product.ldc(), bias, product.n());
        }
    }
}
