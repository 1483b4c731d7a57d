package dev.kiln.kernels;

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

    /** One side of a product. Stored row-major, as op(X) or transposed. */
    record Matrix(long address, boolean transposed, int lead) {
        /** Where op(X) begins at a row. */
        long row(int row) {
            return address + 4L * row * (transposed ? 1 : lead);
        }

        /** Where op(X) begins at a column. */
        long column(int column) {
            return address + 4L * column * (transposed ? lead : 1);
        }
    }

    /** out[m, n] = alpha · a[m, k] · b[k, n] + beta · out, whose rows are lead floats apart. */
    void multiply(
            long out, int lead, Matrix a, Matrix b, int m, int n, int k, float alpha, float beta) {
        onGrid(
                m,
                n,
                k,
                (row, rows, column, columns) ->
                        block(out, lead, a, b, k, alpha, beta, row, rows, column, columns));
    }

    /**
     * out[m, n] = a · b + bias[n]: the bias is written first, which costs no more than the zeros
     * that a product begins with.
     */
    void multiplyBiased(long out, Matrix a, Matrix b, long bias, int m, int n, int k) {
        if (gemm.parallel()) {
            workers.split(m, grain(n), (worker, from, to) -> spread(out, n, bias, 0, n, from, to));
            multiply(out, n, a, b, m, n, k, 1, 1);
            return;
        }
        onGrid(
                m,
                n,
                k,
                (row, rows, column, columns) -> {
                    spread(out, n, bias, column, columns, row, row + rows);
                    block(out, n, a, b, k, 1, 1, row, rows, column, columns);
                });
    }

    private static int grain(int columns) {
        return Math.max(1, 16384 / columns);
    }

    private static void spread(
            long out, int n, long bias, int column, int columns, int from, int to) {
        for (int row = from; row < to; row++) {
            Rows.copy(out + 4L * ((long) row * n + column), bias + 4L * column, columns);
        }
    }

    private void block(
            long out,
            int lead,
            Matrix a,
            Matrix b,
            int k,
            float alpha,
            float beta,
            int row,
            int rows,
            int column,
            int columns) {
        gemm.multiply(
                a.transposed(),
                b.transposed(),
                rows,
                columns,
                k,
                alpha,
                a.row(row),
                a.lead(),
                b.column(column),
                b.lead(),
                beta,
                out + 4L * ((long) row * lead + column),
                lead);
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
