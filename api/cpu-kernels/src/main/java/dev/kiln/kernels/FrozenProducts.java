package dev.kiln.kernels;

import static dev.kiln.kernels.FrozenPanels.WIDTH;
import static dev.kiln.spi.backend.WeightFormat.BLOCK;

import dev.kiln.kernels.Gemm.Product;
import dev.kiln.kernels.Products.Matrix;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.MemorySegment;

/**
 * Products with frozen weights, a panel of outputs at a time, handed out to the workers. Few rows
 * are multiplied as the panel comes from memory, which is what limits them; for many, the panel is
 * decoded into the second level of the cache, and the library multiplies.
 */
final class FrozenProducts {
    /** In place of a bias's address. */
    static final long NO_BIAS = 0;

    /**
     * Rows up to which decoding a panel for the library takes longer than reading it as it is, where
     * the library has no bfloat16.
     */
    private static final int FEW = 16;

    /** Rows that share a loaded weight. */
    private static final int TOGETHER = 4;

    private static final int ROW = 4 * WIDTH;

    /** Bytes of a weight below which another thread isn't worth waking. */
    private static final int GRAIN = 64 << 10;

    private final Gemm gemm;
    private final Products products;
    private final Workers workers;
    private final BlockPool pool;

    FrozenProducts(Gemm gemm, Products products, Workers workers, BlockPool pool) {
        this.gemm = gemm;
        this.products = products;
        this.workers = workers;
        this.pool = pool;
    }

    /** out[rows, O] = x[rows, I] · weight + bias, of either type each. */
    void multiply(Matrix out, Matrix x, int rows, FrozenPanels weight, long bias) {
        if (asTheyAre(x, weight) && weight.firstUse()) {
            plain(out, x, rows, weight, bias);
            return;
        }
        weight.pack(workers, pool);
        if (asTheyAre(x, weight)) {
            panels(out, x, rows, weight, bias);
        } else if (rows <= (factors(x, weight.format()) == DType.BFLOAT16 ? TOGETHER : FEW)) {
            few(out, x, rows, weight, bias);
        } else {
            many(out, x, rows, weight, bias);
        }
    }

    /** Whether the library takes the panels as its second factor. */
    private boolean asTheyAre(Matrix x, FrozenPanels weight) {
        return gemm.readsPanels()
                && x.type() == DType.BFLOAT16
                && weight.format() == WeightFormat.BFLOAT16;
    }

    /** By the elements as they came. */
    private void plain(Matrix out, Matrix x, int rows, FrozenPanels weight, long bias) {
        boolean table = weight.content().table();
        int lead = weight.shape().columns();
        product(
                out,
                x,
                new Matrix(DType.BFLOAT16, weight.elements(), table, lead),
                rows,
                weight,
                bias);
    }

    private void panels(Matrix out, Matrix x, int rows, FrozenPanels weight, long bias) {
        product(out, x, Matrix.ofPanels(weight.panel(0), weight.inner()), rows, weight, bias);
    }

    private void product(
            Matrix out, Matrix x, Matrix by, int rows, FrozenPanels weight, long bias) {
        int k = weight.inner();
        if (bias == NO_BIAS) {
            products.multiply(out, x, by, rows, weight.outputs(), k, 1, 0);
        } else {
            products.multiplyBiased(out, x, by, bias, rows, weight.outputs(), k);
        }
    }

    private void few(Matrix out, Matrix x, int rows, FrozenPanels weight, long bias) {
        FrozenOperand operand = FrozenOperand.of(pool, x, rows, weight);
        try (Scratch sums = new Scratch(pool, workers, 2 * TOGETHER, WIDTH, "sums of a panel")) {
            eachPanel(
                    weight,
                    (worker, panel) -> {
                        long own = sums.of(worker, 0);
                        for (int row = 0; row < rows; row += TOGETHER) {
                            int some = Math.min(TOGETHER, rows - row);
                            multiply(own, operand, row, some, weight, panel);
                            keep(out, row, some, own, weight, panel, bias);
                        }
                    });
        }
        operand.close();
    }

    private void eachPanel(FrozenPanels weight, Workers.Item item) {
        int count = weight.count();
        long bytes = (long) count * weight.panelBytes();
        if (gemm.parallel() || bytes < GRAIN) {
            for (int panel = 0; panel < count; panel++) {
                item.run(0, panel);
            }
        } else {
            workers.each(count, item);
        }
    }

    private static void multiply(
            long sums, FrozenOperand x, int row, int rows, FrozenPanels weight, int panel) {
        long from = x.address() + x.row() * row;
        long at = weight.panel(panel);
        int blocks = weight.blocks();
        if (rows == 1) {
            switch (weight.format()) {
                case FLOAT32 -> PanelRow.ofFloats(sums, from, at, blocks);
                case BFLOAT16 -> PanelRow.ofBfloat16(sums, from, at, blocks);
                case INT8 -> PanelRow.ofInt8(sums, from, at, blocks);
                case INT4 -> PanelRowInt4.multiply(sums, from, at, blocks);
            }
        } else {
            switch (weight.format()) {
                case FLOAT32 -> PanelRows.ofFloats(sums, from, x.row(), at, blocks);
                case BFLOAT16 -> PanelRows.ofBfloat16(sums, from, x.row(), at, blocks);
                case INT8 -> PanelRows.ofInt8(sums, from, x.row(), at, blocks);
                case INT4 -> PanelRowsInt4.multiply(sums, from, x.row(), at, blocks);
            }
        }
    }

    /** Adds the bias to a panel's results, and writes those that the weight has. */
    private static void keep(
            Matrix out, int row, int rows, long sums, FrozenPanels weight, int panel, long bias) {
        int column = panel * WIDTH;
        int n = Math.min(WIDTH, weight.outputs() - column);
        Elements to = new Elements(out.type(), out.address());
        for (int i = 0; i < rows; i++) {
            long from = sums + (long) ROW * i;
            if (bias != NO_BIAS) {
                Rows.add(from, bias + 4L * column, n);
            }
            to.store((long) (row + i) * out.lead() + column, n, from);
        }
    }

    /** The type of a product's factors: bfloat16 where the library has it and nothing is lost. */
    private DType factors(Matrix x, WeightFormat format) {
        boolean narrow =
                x.type() == DType.BFLOAT16
                        && format != WeightFormat.FLOAT32
                        && gemm.types().contains(DType.BFLOAT16);
        return narrow ? DType.BFLOAT16 : DType.FLOAT32;
    }

    private void many(Matrix out, Matrix x, int rows, FrozenPanels weight, long bias) {
        DType type = factors(x, weight.format());
        int k = weight.inner();
        MemorySegment wide = pool.take(x.type() == type ? 0 : 4L * rows * k, "widened rows");
        Matrix from = x;
        if (x.type() != type) {
            for (int i = 0; i < rows; i++) {
                Bfloat16.widen(wide.address() + 4L * i * k, x.row(i), k);
            }
            from = Matrix.ofFloats(wide.address(), false, k);
        }
        decoded(out, from, rows, weight, bias);
        pool.give(wide);
    }

    private void decoded(Matrix out, Matrix x, int rows, FrozenPanels weight, long bias) {
        boolean direct = out.type() == DType.FLOAT32 || x.type() == DType.BFLOAT16;
        int length = weight.blocks() * BLOCK;
        try (Scratch factor = new Scratch(pool, workers, 1, (length + BLOCK) * WIDTH, "a panel");
                Scratch sums = new Scratch(pool, workers, 1, direct ? 1 : rows * WIDTH, "sums")) {
            eachPanel(
                    weight,
                    (worker, panel) -> {
                        long b = factor.of(worker, 0);
                        decode(b, x.type(), weight, panel, b + (long) ROW * length);
                        if (direct) {
                            multiply(out, panel, x, b, rows, weight, bias);
                            return;
                        }
                        long own = sums.of(worker, 0);
                        Matrix to = Matrix.ofFloats(own - 4L * WIDTH * panel, false, WIDTH);
                        multiply(to, panel, x, b, rows, weight, NO_BIAS);
                        keep(out, 0, rows, own, weight, panel, bias);
                    });
        }
    }

    /** A panel as a matrix [K, 64], or as one of bfloat16 {@link Panels} for who reads those. */
    private void decode(long out, DType type, FrozenPanels weight, int panel, long scratch) {
        int elements = BLOCK * WIDTH;
        int bytes = FrozenPanels.blockBytes(weight.format());
        for (int i = 0; i < weight.blocks(); i++) {
            long block = weight.panel(panel) + (long) bytes * i;
            if (type == DType.BFLOAT16 && gemm.readsPanels()) {
                PanelDecoding.pairs(out + 2L * elements * i, weight.format(), block);
            } else if (type == DType.FLOAT32) {
                PanelDecoding.block(out + 4L * elements * i, weight.format(), block);
            } else {
                PanelDecoding.block(scratch, weight.format(), block);
                Bfloat16.narrow(out + 2L * elements * i, scratch, elements);
            }
        }
    }

    private void multiply(
            Matrix out, int panel, Matrix x, long b, int rows, FrozenPanels weight, long bias) {
        int column = panel * WIDTH;
        int n = Math.min(WIDTH, weight.outputs() - column);
        boolean biased = bias != NO_BIAS;
        Product product =
                new Product(
                        x.type(),
                        false,
                        x.lead(),
                        x.type(),
                        false,
                        WIDTH,
                        out.type(),
                        out.lead(),
                        rows,
                        n,
                        weight.inner(),
                        1,
                        0,
                        biased,
                        x.type() == DType.BFLOAT16 && gemm.readsPanels());
        gemm.multiply(product, x.address(), b, biased ? bias + 4L * column : 0, out.column(column));
    }
}
