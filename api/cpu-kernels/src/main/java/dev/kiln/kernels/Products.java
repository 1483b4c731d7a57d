package dev.kiln.kernels;

import dev.kiln.kernels.Gemm.Product;
import dev.kiln.spi.backend.DType;

/**
 * Large matrix products: cut over the workers into a grid of outputs, one call of {@link Gemm} a
 * worker; or left whole to a library that uses all cores by itself.
 */
final class Products {
    private final Gemm gemm;
    private final Workers workers;

    Products(Gemm gemm, Workers workers) {
        this.gemm = gemm;
        this.workers = workers;
    }

    /** One operand of a product. Stored row-major, as op(X) or transposed; lead counts elements. */
    record Matrix(DType type, long address, boolean transposed, int lead) {
        static Matrix ofFloats(long address, boolean transposed, int lead) {
            return new Matrix(DType.FLOAT32, address, transposed, lead);
        }

        /** Where op(X) begins at a row. */
        long row(int row) {
            return address + (long) type.bytes() * row * (transposed ? 1 : lead);
        }

        /** Where op(X) begins at a column. */
        long column(int column) {
            return address + (long) type.bytes() * column * (transposed ? lead : 1);
        }

        private long at(int row, int column) {
            return address + (long) type.bytes() * ((long) row * lead + column);
        }
    }

    /** out[m, n] = alpha · a[m, k] · b[k, n] + beta · out; out is not transposed. */
    void multiply(Matrix out, Matrix a, Matrix b, int m, int n, int k, float alpha, float beta) {
        onGrid(
                m,
                n,
                k,
                (row, rows, column, columns) ->
                        gemm.multiply(
                                product(out, a, b, rows, columns, k, alpha, beta, false),
                                a.row(row),
                                b.column(column),
                                0,
                                out.at(row, column)));
    }

    /** out[m, n] = a · b + bias[n]. */
    void multiplyBiased(Matrix out, Matrix a, Matrix b, long bias, int m, int n, int k) {
        onGrid(
                m,
                n,
                k,
                (row, rows, column, columns) ->
                        gemm.multiply(
                                product(out, a, b, rows, columns, k, 1, 0, true),
                                a.row(row),
                                b.column(column),
                                bias + 4L * column,
                                out.at(row, column)));
    }

    private static Product product(
            Matrix out,
            Matrix a,
            Matrix b,
            int rows,
            int columns,
            int k,
            float alpha,
            float beta,
            boolean biased) {
        return new Product(
                a.type(),
                a.transposed(),
                a.lead(),
                b.type(),
                b.transposed(),
                b.lead(),
                out.type(),
                out.lead(),
                rows,
                columns,
                k,
                alpha,
                beta,
                biased);
    }

    private interface Block {
        void run(int row, int rows, int column, int columns);
    }

    private void onGrid(int m, int n, int k, Block block) {
        boolean small = (double) m * n * k < 1 << 17;
        if (small || gemm.parallel() || workers.count() == 1) {
            block.run(0, m, 0, n);
            return;
        }
        int down = gridRows(m, n);
        int across = workers.count() / down;
        workers.run(
                worker -> {
                    int row = edge(m, worker / across, down);
                    int rows = edge(m, worker / across + 1, down) - row;
                    int column = edge(n, worker % across, across);
                    int columns = edge(n, worker % across + 1, across) - column;
                    if (rows > 0 && columns > 0) {
                        block.run(row, rows, column, columns);
                    }
                });
    }

    /** How many parts to cut the rows into, so that the parts read the least. */
    private int gridRows(int m, int n) {
        int count = workers.count();
        int best = 1;
        double least = Double.MAX_VALUE;
        for (int down = 1; down <= count; down++) {
            double read = (double) m / down + (double) n / (count / Math.max(1, down));
            if (count % down == 0 && read < least) {
                best = down;
                least = read;
            }
        }
        return best;
    }

    /** Edges at multiples of 16, which is what a library's inner loop likes. */
    private static int edge(int size, int part, int parts) {
        return part == parts ? size : Workers.cut(size, part, parts) / 16 * 16;
    }
}
