package dev.kiln.plugins.onednn;

import dev.kiln.kernels.Gemm.Product;
import dev.kiln.spi.backend.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A product of one row or one column with all its vectors dense. oneDNN 3.8 reads and writes a vector
 * as dense whatever step its matrix has (OneDnnGemmTest has the cases), so vectors with a step are
 * copied to scratch memory and back.
 *
 * @param of what is asked
 * @param memory {@link #bytes} of scratch
 */
record ThinProduct(Product of, long memory) {
    private static final int PAIR_ROW = 128;

    @SuppressWarnings("restricted") // operands are addresses
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    static boolean isOne(Product product) {
        return product.m() == 1 && product.transposeA() && product.lda() != 1
                || product.n() == 1
                        && (product.panels()
                                || !product.transposeB() && product.ldb() != 1
                                || product.ldc() != 1);
    }

    static long bytes(Product product) {
        return 4L * (2L * product.k() + product.m());
    }

    /** What runs one that needs none of this. */
    interface Dense {
        void run(Product product, long a, long b, long c);
    }

    void run(long a, long b, long c, Dense dense) {
        long left = gathersA() ? memory : a;
        long right = gathersB() ? memory + 4L * of.k() : b;
        long result = scattersC() ? memory + 8L * of.k() : c;
        if (gathersA()) {
            copy(of.a(), left, 1, a, of.lda(), of.k());
        }
        if (of.panels()) {
            copyPairs(right, b);
        } else if (gathersB()) {
            copy(of.b(), right, 1, b, of.ldb(), of.k());
        }
        if (scattersC() && of.beta() != 0) {
            copy(of.c(), result, 1, c, of.ldc(), of.m());
        }
        dense.run(product(), left, right, result);
        if (scattersC()) {
            copy(of.c(), c, of.ldc(), result, 1, of.m());
        }
    }

    private boolean gathersA() {
        return of.m() == 1 && of.transposeA();
    }

    private boolean gathersB() {
        return of.n() == 1 && (of.panels() || !of.transposeB());
    }

    private boolean scattersC() {
        return of.n() == 1 && of.ldc() != 1;
    }

    private Product product() {
        return new Product(
                of.a(),
                !gathersA() && of.transposeA(),
                gathersA() ? of.k() : of.lda(),
                of.b(),
                !gathersB() && of.transposeB(),
                gathersB() ? 1 : of.ldb(),
                of.c(),
                scattersC() ? 1 : of.ldc(),
                of.m(),
                of.n(),
                of.k(),
                of.alpha(),
                of.beta(),
                of.biased(),
                of.panels() && !gathersB());
    }

    /** The first column of a panel, whose rows lie in pairs. */
    private void copyPairs(long out, long panel) {
        for (int k = 0; k < of.k(); k++) {
            move(DType.BFLOAT16, out + 2L * k, panel + 2L * (k / 2 * PAIR_ROW + k % 2));
        }
    }

    private static void copy(DType type, long to, int toStep, long from, int fromStep, int count) {
        int bytes = type.bytes();
        for (int i = 0; i < count; i++) {
            move(type, to + (long) bytes * i * toStep, from + (long) bytes * i * fromStep);
        }
    }

    private static void move(DType type, long to, long from) {
        if (type == DType.BFLOAT16) {
            short value = MEMORY.get(ValueLayout.JAVA_SHORT_UNALIGNED, from);
            MEMORY.set(ValueLayout.JAVA_SHORT_UNALIGNED, to, value);
        } else {
            int value = MEMORY.get(ValueLayout.JAVA_INT_UNALIGNED, from);
            MEMORY.set(ValueLayout.JAVA_INT_UNALIGNED, to, value);
        }
    }
}
