package dev.kiln.kernels;

import dev.kiln.kernels.CrossEntropy.Gradient;
import dev.kiln.kernels.Products.Matrix;
import dev.kiln.spi.backend.DType;
import java.lang.foreign.MemorySegment;

/**
 * Output projection and cross-entropy together, a chunk of rows at a time: only a chunk's logits
 * exist. Their rows are filled up with -∞ to whole vectors.
 */
final class ProjectedLoss {
    /** A chunk's logits should stay in the last level of the cache. */
    private static final int CHUNK_BYTES = 8 << 20;

    /**
     * Each chunk reads the table twice, and reads and writes its gradient: fewer rows would make that
     * traffic count more than the products.
     */
    private static final int LEAST_ROWS = 512;

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

    /** Writes the logits of some rows of hidden. */
    interface Projector {
        void project(Matrix logits, Matrix hidden, int rows);
    }

    /**
     * @param hidden [rows, width]
     */
    record Projection(Matrix hidden, Projector projector, int rows, int width, int classes) {

        int chunkRows() {
            return Math.min(rows, Math.max(LEAST_ROWS, CHUNK_BYTES / 4 / classes));
        }

        /** Elements from a row of logits to the next. */
        int lead() {
            return Lanes.padded(classes);
        }

        /** The gradients of logits, in the type that products with hidden take without rounding. */
        Gradient gradient() {
            return hidden.type() == DType.BFLOAT16 ? Gradient.BFLOAT16 : Gradient.FLOAT32;
        }
    }

    void forward(Rated rated, Projection projection) {
        MemorySegment logits = logits(projection);
        for (int row = 0; row < projection.rows(); row += projection.chunkRows()) {
            chunk(rated, projection, row, logits.address(), Gradient.NONE);
        }
        pool.give(logits);
    }

    /**
     * @param table [classes, width]
     * @param dHidden of hidden's shape and type
     * @param dTable added to; 0 when there is none
     */
    void backward(Rated rated, Projection projection, Matrix table, Matrix dHidden, long dTable) {
        MemorySegment block = logits(projection);
        int width = projection.width();
        int classes = projection.classes();
        for (int row = 0; row < projection.rows(); row += projection.chunkRows()) {
            int count = chunk(rated, projection, row, block.address(), projection.gradient());
            Matrix gradient = gradient(projection, block.address(), false);
            Matrix below = dHidden.from(row);
            products.multiply(below, gradient, table, count, width, classes, 1, 0);
            if (dTable != 0) {
                Matrix transposed = gradient(projection, block.address(), true);
                Matrix hidden = projection.hidden().from(row);
                Matrix sum = Matrix.ofFloats(dTable, false, width);
                products.multiply(sum, transposed, hidden, classes, width, count, 1, 1);
            }
        }
        pool.give(block);
    }

    /** Where logits were: their gradients, each row at the place of its logits' row. */
    private static Matrix gradient(Projection projection, long logits, boolean transposed) {
        int bytes = projection.lead() * DType.FLOAT32.bytes();
        DType type = projection.hidden().type();
        return new Matrix(type, logits, transposed, bytes / type.bytes());
    }

    private MemorySegment logits(Projection projection) {
        long row = projection.lead();
        return pool.take(4 * row * projection.chunkRows(), "a chunk of logits");
    }

    /** Logits and losses from a row on; in place of the logits their gradients, if asked. */
    private int chunk(Rated rated, Projection projection, int row, long logits, Gradient gradient) {
        int count = Math.min(projection.chunkRows(), projection.rows() - row);
        int classes = projection.classes();
        int lead = projection.lead();
        projection
                .projector()
                .project(
                        Matrix.ofFloats(logits, false, lead), projection.hidden().from(row), count);
        workers.split(
                count,
                Math.max(1, 8192 / classes),
                (worker, from, to) -> {
                    for (int n = from; n < to; n++) {
                        long at = logits + 4L * n * lead;
                        ScoreRows.fill(at, classes, lead, Float.NEGATIVE_INFINITY);
                        rate(rated, row + n, at, lead, gradient);
                    }
                });
        return count;
    }

    private static void rate(Rated rated, int row, long logits, int lead, Gradient gradient) {
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
                        rate(rated, n, own, lead, Gradient.FLOAT32);
                        Rows.copy(dLogits + 4L * n * classes, own, classes);
                    }
                });
        pool.give(scratch);
    }
}
