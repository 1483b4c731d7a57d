package dev.kiln.plugins.onednn;

import dev.kiln.kernels.Gemm.Product;
import dev.kiln.spi.backend.DType;
import java.lang.foreign.MemorySegment;

/**
 * A bfloat16 product whose first factor's rows lie without gaps and are no multiple of 32 elements.
 * With AMX, oneDNN 3.8 reads each of them up to the next multiple, so the beginning of the next row,
 * and multiplies that by zeros: NaN or infinity there would spoil the row before. The rows are copied
 * with zeros behind them, some at a time. OneDnnGemmTest has the case.
 *
 * @param of what is asked
 * @param memory {@link #bytes} of scratch
 */
record PaddedRows(Product of, long memory) {
    /** What the library's tiles read at a time. */
    private static final int BLOCK = 32;

    /** Rows that are copied at a time. */
    private static final int ROWS = 256;

    @SuppressWarnings("restricted") // operands are addresses
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    static boolean isOne(Product product) {
        return product.a() == DType.BFLOAT16
                && !product.transposeA()
                && product.m() > 1
                && product.lda() == product.k()
                && product.k() % BLOCK != 0;
    }

    static long bytes(Product product) {
        return (long) DType.BFLOAT16.bytes() * Math.min(ROWS, product.m()) * lead(product);
    }

    private static int lead(Product product) {
        return (product.k() + BLOCK - 1) / BLOCK * BLOCK;
    }

    /** What runs a product with this first factor and this result. */
    interface Padded {
        void run(Product product, long a, long c);
    }

    void run(long a, long c, Padded padded) {
        for (int row = 0; row < of.m(); row += ROWS) {
            int rows = Math.min(ROWS, of.m() - row);
            copy(a + (long) of.a().bytes() * row * of.k(), rows);
            padded.run(product(rows), memory, c + (long) of.c().bytes() * row * of.ldc());
        }
    }

    private void copy(long a, int rows) {
        int bytes = of.a().bytes() * of.k();
        int lead = of.a().bytes() * lead(of);
        for (int i = 0; i < rows; i++) {
            MemorySegment to = MEMORY.asSlice(memory + (long) lead * i, lead);
            to.copyFrom(MEMORY.asSlice(a + (long) bytes * i, bytes));
            to.asSlice(bytes).fill((byte) 0);
        }
    }

    private Product product(int rows) {
        return new Product(
                of.a(),
                false,
                lead(of),
                of.b(),
                of.transposeB(),
                of.ldb(),
                of.c(),
                of.ldc(),
                rows,
                of.n(),
                of.k(),
                of.alpha(),
                of.beta(),
                of.biased(),
                of.panels());
    }
}
