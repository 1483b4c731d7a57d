package dev.kiln.plugins.onednn;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.kiln.kernels.Gemm.Product;
import dev.kiln.spi.backend.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A product made ready by oneDNN for one thread, which gives it operands and runs it. */
final class Matmul implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final long primitive;
    private final long source;
    private final long weights;
    private final long bias;
    private final long result;
    private final long scratchpad;
    private final long scratchBytes;
    private final MemorySegment arguments;
    private final int count;

    /**
     * @throws OneDnnException when the library can't do it
     */
    Matmul(Product product) {
        long a = matrix(product.a(), product.transposeA(), product.m(), product.k(), product.lda());
        long b =
                product.panels()
                        ? OneDnn.panels(product.k(), product.n())
                        : matrix(
                                product.b(),
                                product.transposeB(),
                                product.k(),
                                product.n(),
                                product.ldb());
        long c = matrix(product.c(), false, product.m(), product.n(), product.ldc());
        long row = product.biased() ? matrix(DType.FLOAT32, false, 1, product.n(), product.n()) : 0;
        long matmul = OneDnn.matmul(a, b, row, c, product.alpha(), product.beta());
        primitive = OneDnn.primitive(matmul);
        source = OneDnn.memory(a);
        weights = OneDnn.memory(b);
        result = OneDnn.memory(c);
        bias = row == 0 ? 0 : OneDnn.memory(row);
        scratchpad = OneDnn.memory(OneDnn.scratchpad(matmul));
        scratchBytes = OneDnn.bytes(OneDnn.scratchpad(matmul));
        count = row == 0 ? 4 : 5;
        arguments = arena.allocate((long) count * OneDnn.ARGUMENT_BYTES, Long.BYTES);
        argument(0, OneDnn.SOURCE, source);
        argument(1, OneDnn.WEIGHTS, weights);
        argument(2, OneDnn.RESULT, result);
        argument(3, OneDnn.SCRATCHPAD, scratchpad);
        if (row != 0) {
            argument(4, OneDnn.BIAS, bias);
            OneDnn.destroyMatrix(row);
        }
        OneDnn.destroyMatmul(matmul);
        OneDnn.destroyMatrix(a);
        OneDnn.destroyMatrix(b);
        OneDnn.destroyMatrix(c);
    }

    /** Describes op(X). */
    private static long matrix(DType type, boolean transposed, int rows, int columns, int lead) {
        return OneDnn.matrix(type, rows, columns, transposed ? 1 : lead, transposed ? lead : 1);
    }

    private void argument(int index, int number, long memory) {
        long at = (long) index * OneDnn.ARGUMENT_BYTES;
        arguments.set(JAVA_INT, at, number);
        arguments.set(JAVA_LONG, at + Long.BYTES, memory);
    }

    /** Bytes of scratch memory that a run needs. */
    long scratchBytes() {
        return scratchBytes;
    }

    void run(long stream, long a, long b, long biasRow, long c, long scratch) {
        OneDnn.move(source, a);
        OneDnn.move(weights, b);
        OneDnn.move(result, c);
        OneDnn.move(scratchpad, scratch);
        if (bias != 0) {
            OneDnn.move(bias, biasRow);
        }
        OneDnn.execute(primitive, stream, count, arguments.address());
    }

    @Override
    public void close() {
        OneDnn.destroyPrimitive(primitive);
        OneDnn.destroyMemory(source);
        OneDnn.destroyMemory(weights);
        OneDnn.destroyMemory(result);
        OneDnn.destroyMemory(scratchpad);
        if (bias != 0) {
            OneDnn.destroyMemory(bias);
        }
        arena.close();
    }
}
