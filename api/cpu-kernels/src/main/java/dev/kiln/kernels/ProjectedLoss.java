package dev.kiln.kernels;

import dev.kiln.kernels.Products.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * Output projection and cross-entropy together, a chunk of rows at a time: only a chunk's logits
 * exist.
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

    /**
     * Addresses and sizes of one call.
     *
     * @param hidden [rows, width]
     * @param table [classes, width]
     */
    record Task(
            long losses,
            long hidden,
            long table,
            long targets,
            long weights,
            int rows,
            int width,
            int classes) {

        int chunkRows() {
            return Math.min(rows, Math.max(LEAST_ROWS, CHUNK_BYTES / 4 / classes));
        }

        Matrix hiddenFrom(int row) {
            return new Matrix(hidden + 4L * row * width, false, width);
        }
    }

    void forward(Task task) {
        MemorySegment logits = logits(task);
        for (int row = 0; row < task.rows(); row += task.chunkRows()) {
            chunk(task, row, logits.address(), false);
        }
        pool.give(logits);
    }

    /**
     * @param dTable added to; 0 when there is none
     */
    void backward(Task task, long dHidden, long dTable) {
        MemorySegment block = logits(task);
        long logits = block.address();
        for (int row = 0; row < task.rows(); row += task.chunkRows()) {
            int count = chunk(task, row, logits, true);
            int width = task.width();
            int classes = task.classes();
            Matrix gradient = new Matrix(logits, false, classes);
            Matrix table = new Matrix(task.table(), false, width);
            long out = dHidden + 4L * row * width;
            products.multiply(out, gradient, table, count, width, classes, 1, 0);
            if (dTable != 0) {
                Matrix transposed = new Matrix(logits, true, classes);
                Matrix hidden = task.hiddenFrom(row);
                products.multiply(dTable, transposed, hidden, classes, width, count, 1, 1);
            }
        }
        pool.give(block);
    }

    private MemorySegment logits(Task task) {
        return pool.take(4L * task.chunkRows() * task.classes(), "a chunk of logits");
    }

    /** Logits and losses from a row on; in place of the logits their gradients, if asked. */
    private int chunk(Task task, int row, long logits, boolean gradients) {
        int count = Math.min(task.chunkRows(), task.rows() - row);
        int classes = task.classes();
        Matrix table = new Matrix(task.table(), true, task.width());
        products.multiply(
                logits, task.hiddenFrom(row), table, count, classes, task.width(), 1, 0);
        losses(
                task.losses() + 4L * row,
                logits,
                logits,
                task.targets() + 4L * row,
                task.weights() + 4L * row,
                count,
                classes,
                gradients);
        return count;
    }

    /** Cross-entropy of all rows. */
    void losses(
            long losses,
            long dLogits,
            long logits,
            long targets,
            long weights,
            int rows,
            int columns,
            boolean gradients) {
        workers.split(
                rows,
                Math.max(1, 8192 / columns),
                (worker, from, to) -> {
                    for (int n = from; n < to; n++) {
                        long at = 4L * n * columns;
                        int target = Lanes.getInt(targets + 4L * n);
                        float weight = Lanes.get(weights + 4L * n);
                        float loss =
                                gradients
                                        ? CrossEntropy.gradient(
                                                dLogits + at, logits + at, columns, target, weight)
                                        : CrossEntropy.loss(logits + at, columns, target, weight);
                        Lanes.set(losses + 4L * n, loss);
                    }
                });
    }
}
