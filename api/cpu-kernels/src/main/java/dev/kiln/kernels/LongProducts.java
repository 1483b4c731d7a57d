package dev.kiln.kernels;

import dev.kiln.kernels.Gemm.Product;
import dev.kiln.spi.backend.DType;

/**
 * The products of attention that are long enough for a library. Scores and their like lie [keys,
 * lanes], so that the long side of a product is its rows, and the factor that a library packs is the
 * short one, of a tile's queries.
 *
 * @param type of queries, keys and values, and of scores on their way into a product
 */
record LongProducts(Gemm gemm, DType type) {
    /** Multiplications that outweigh a call. */
    private static final double ENOUGH = 1 << 17;

    /** Slots of a tile below which a library's rows would be mostly empty. */
    private static final int SLOTS = 8;

    boolean worth(int keys, int slots, int size) {
        return !gemm.parallel()
                && slots >= SLOTS
                && (double) keys * slots * size >= ENOUGH
                && gemm.types().contains(type);
    }

    /** scores[keys, lanes] = x[keys, size] · queries[lanes, size]ᵀ. */
    void score(long scores, long x, int lead, long queries, int keys, int lanes, int size) {
        multiply(false, lead, x, true, size, queries, lanes, scores, keys, lanes, size, 0);
    }

    /** out[slots, size] = out + weights[keys, lanes]ᵀ · x[keys, size]. */
    void weigh(long out, long weights, int lanes, long x, int lead, int slots, int keys, int size) {
        multiply(true, lanes, weights, false, lead, x, size, out, slots, size, keys, 1);
    }

    /** out[keys, size] = out + weights[keys, lanes] · x[slots, size]. */
    void spread(
            long out, int lead, long weights, int lanes, long x, int slots, int keys, int size) {
        multiply(false, lanes, weights, false, size, x, lead, out, keys, size, slots, 1);
    }

    private void multiply(
            boolean transposeA,
            int lda,
            long a,
            boolean transposeB,
            int ldb,
            long b,
            int ldc,
            long c,
            int m,
            int n,
            int k,
            float beta) {
        Product product =
                new Product(
                        type,
                        transposeA,
                        lda,
                        type,
                        transposeB,
                        ldb,
                        DType.FLOAT32,
                        ldc,
                        m,
                        n,
                        k,
                        1,
                        beta,
                        false);
        gemm.multiply(product, a, b, 0, c);
    }
}
