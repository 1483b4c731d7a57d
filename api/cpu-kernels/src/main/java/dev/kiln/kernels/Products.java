package dev.kiln.kernels;

import dev.kiln.kernels.Gemm.Product;
import dev.kiln.spi.backend.DType;

/**
 * Large matrix products: cut over the workers into a grid of outputs, one call of {@link Gemm} a
 * worker; or left whole to a library that uses all cores by itself.
 */
final class Products {
    /** Of a result that is used again while it is in the second level of the cache. */
    private static final int BLOCK_BYTES = 512 << 10;

    /** Fewer rows would make a library read the other factor too often. */
    private static final int LEAST_ROWS = 128;

    /** Edges are at multiples of what a library's inner loop likes. */
    private static final int EDGE = 16;

    private final Gemm gemm;
    private final Workers workers;

    Products(Gemm gemm, Workers workers) {
        this.gemm = gemm;
        this.workers = workers;
    }

    /**
     * One operand of a product. Stored row-major, as op(X) or transposed; lead counts elements. In
     * {@link Panels}, whose columns are their padded length apart as those of a transposed one are,
     * only multiples of a panel's width are columns to begin at.
     */
    record Matrix(DType type, long address, boolean transposed, int lead, boolean panels) {
        Matrix(DType type, long address, boolean transposed, int lead) {
            this(type, address, transposed, lead, false);
        }

        static Matrix ofFloats(long address, boolean transposed, int lead) {
            return new Matrix(DType.FLOAT32, address, transposed, lead);
        }

        /** A second factor B[k, n]. */
        static Matrix ofPanels(long address, int k) {
            return new Matrix(DType.BFLOAT16, address, true, Panels.padded(k), true);
        }

        /** Where op(X) begins at a row. */
        long row(int row) {
            return address + (long) type.bytes() * row * (transposed ? 1 : lead);
        }

        /** Where op(X) begins at a column. */
        long column(int column) {
            return address + (long) type.bytes() * column * (transposed ? lead : 1);
        }

        /** This one without its first rows. */
        Matrix from(int row) {
            return new Matrix(type, row(row), transposed, lead, panels);
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
                b,
                (worker, row, rows, column, columns) ->
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
                b,
                (worker, row, rows, column, columns) ->
                        biased(out, a, b, bias, row, rows, column, columns, k));
    }

    private void biased(
            Matrix out,
            Matrix a,
            Matrix b,
            long bias,
            int row,
            int rows,
            int column,
            int columns,
            int k) {
        gemm.multiply(
                product(out, a, b, rows, columns, k, 1, 0, true),
                a.row(row),
                b.column(column),
                bias + 4L * column,
                out.at(row, column));
    }

    /**
     * As {@link #multiplyBiased}, some rows at a time, and what is done with each block of the result
     * while it is in the cache.
     */
    void multiplyBiased(
            Matrix out, Matrix a, Matrix b, long bias, int m, int n, int k, Block then) {
        if (gemm.parallel()) {
            multiplyBiased(out, a, b, bias, m, n, k);
            int grain = FlatKernels.grain(n);
            workers.split(m, grain, (worker, from, to) -> then.run(worker, from, to - from, 0, n));
            return;
        }
        onGrid(
                m,
                n,
                k,
                b,
                (worker, row, rows, column, columns) -> {
                    int some = Math.max(LEAST_ROWS, BLOCK_BYTES / out.type().bytes() / columns);
                    for (int i = 0; i < rows; i += some) {
                        int count = Math.min(some, rows - i);
                        biased(out, a, b, bias, row + i, count, column, columns, k);
                        then.run(worker, row + i, count, column, columns);
                    }
                });
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
                biased,
                b.panels());
    }

    /** What a worker does for some rows and columns of a result. */
    interface Block {
        void run(int worker, int row, int rows, int column, int columns);
    }

    private void onGrid(int m, int n, int k, Matrix b, Block block) {
        boolean small = (double) m * n * k < 1 << 17;
        if (small || gemm.parallel() || workers.count() == 1) {
            block.run(0, 0, m, 0, n);
            return;
        }
        int down = gridRows(m, n);
        int across = workers.count() / down;
        int step = b.panels() ? Panels.WIDTH : EDGE;
        workers.run(
                worker -> {
                    int row = edge(m, worker / across, down, EDGE);
                    int rows = edge(m, worker / across + 1, down, EDGE) - row;
                    int column = edge(n, worker % across, across, step);
                    int columns = edge(n, worker % across + 1, across, step) - column;
                    if (rows > 0 && columns > 0) {
                        block.run(worker, row, rows, column, columns);
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

    private static int edge(int size, int part, int parts, int step) {
        return part == parts ? size : Workers.cut(size, part, parts) / step * step;
    }
}
