package dev.kiln.kernels;

import dev.kiln.kernels.Products.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * Output projection and cross-entropy together, a chunk of rows at a time: only a chunk's logits
 * exist. Their rows are filled up with -∞ to whole vectors.
 */
final class ProjectedLoss {
    /** A chunk's logits should stay in the last level of the cache. */
    private static final int CHUNK_BYTES = 8 << 20;

    /** Fewer rows would make the products with the table too thin. */
    private static final int LEAST_ROWS = 192;

    private final Workers workers;
    private final BlockPool pool;
    private final Products products;

    ProjectedLoss(Workers workers, BlockPool pool, Products products) {
        this.workers = workers;
        this.pool = pool;
        this.products = products;
    }

    /** Where the losses go, and what they are made of: INT32 targets, FLOAT32 weights. */
    record Rated(long losses, long targets, long weights) {}

    /** hidden[rows, width] and table[classes, width]. */
    record Projection(long hidden, long table, int rows, int width, int classes) {

        int chunkRows() {
            return Math.min(rows, Math.max(LEAST_ROWS, CHUNK_BYTES / 4 / classes));
        }

        Matrix hiddenFrom(int row) {
            return Matrix.ofFloats(hidden + 4L * row * width, false, width);
        }
    }

    void forward(Rated rated, Projection projection) {
        MemorySegment logits = logits(projection);
        for (int row = 0; row < projection.rows(); row += projection.chunkRows()) {
            chunk(rated, projection, row, logits.address(), false);
        }
        pool.give(logits);
    }

    /**
     * @param dTable added to; 0 when there is none
     */
    void backward(Rated rated, Projection projection, long dHidden, long dTable) {
        MemorySegment block = logits(projection);
        long logits = block.address();
        int width = projection.width();
        int classes = projection.classes();
        int lead = Lanes.padded(classes);
        for (int row = 0; row < projection.rows(); row += projection.chunkRows()) {
            int count = chunk(rated, projection, row, logits, true);
            Matrix gradient = Matrix.ofFloats(logits, false, lead);
            Matrix table = Matrix.ofFloats(projection.table(), false, width);
            Matrix out = Matrix.ofFloats(dHidden + 4L * row * width, false, width);
            products.multiply(out, gradient, table, count, width, classes, 1, 0);
            if (dTable != 0) {
                Matrix transposed = Matrix.ofFloats(logits, true, lead);
                Matrix hidden = projection.hiddenFrom(row);
                Matrix sum = Matrix.ofFloats(dTable, false, width);
                products.multiply(sum, transposed, hidden, classes, width, count, 1, 1);
            }
        }
        pool.give(block);
    }

    private MemorySegment logits(Projection projection) {
        long row = Lanes.padded(projection.classes());
        return pool.take(4 * row * projection.chunkRows(), "a chunk of logits");
    }

    /** Logits and losses from a row on; in place of the logits their gradients, if asked. */
    private int chunk(Rated rated, Projection projection, int row, long logits, boolean gradients) {
        int count = Math.min(projection.chunkRows(), projection.rows() - row);
        int width = projection.width();
        int classes = projection.classes();
        int lead = Lanes.padded(classes);
        Matrix table = Matrix.ofFloats(projection.table(), true, width);
        products.multiply(
                Matrix.ofFloats(logits, false, lead),
                projection.hiddenFrom(row),
                table,
                count,
                classes,
                width,
                1,
                0);
        workers.split(
                count,
                Math.max(1, 8192 / classes),
                (worker, from, to) -> {
                    for (int n = from; n < to; n++) {
                        long at = logits + 4L * n * lead;
                        ScoreRows.fill(at, classes, lead, Float.NEGATIVE_INFINITY);
                        rate(rated, row + n, at, lead, gradients);
                    }
                });
        return count;
    }

    private static void rate(Rated rated, int row, long logits, int lead, boolean gradient) {
        int target = Lanes.getInt(rated.targets() + 4L * row);
        float weight = Lanes.get(rated.weights() + 4L * row);
        float loss = CrossEntropy.loss(logits, lead, target, weight, gradient);
        Lanes.set(rated.losses() + 4L * row, loss);
    }

    /** Cross-entropy of logits[rows, classes] that exist already, a row at a time in scratch. */
    void ofLogits(Rated rated, long dLogits, long logits, int rows, int classes) {
        int lead = Lanes.padded(classes);
        MemorySegment scratch = pool.take(4L * lead * workers.count(), "a row of logits");
        workers.split(
                rows,
                Math.max(1, 8192 / classes),
                (worker, from, to) -> {
                    long own = scratch.address() + 4L * lead * worker;
                    for (int n = from; n < to; n++) {
                        Rows.copy(own, logits + 4L * n * classes, classes);
                        ScoreRows.fill(own, classes, lead, Float.NEGATIVE_INFINITY);
                        rate(rated, n, own, lead, true);
                        Rows.copy(dLogits + 4L * n * classes, own, classes);
                    }
                });
        pool.give(scratch);
    }
}
