package dev.kiln.kernels;

import java.lang.foreign.MemorySegment;

/** A row of sums for each worker, zero at first, added up in the workers' order. */
final class Partials implements AutoCloseable {
    private final BlockPool pool;
    private final MemorySegment block;
    private final int workers;
    private final int row;

    Partials(BlockPool pool, int workers, int columns) {
        this.pool = pool;
        this.workers = workers;
        this.row = Lanes.padded(columns);
        this.block = pool.take(4L * workers * row, "sums of rows");
        Rows.clear(block.address(), workers * row);
    }

    long of(int worker) {
        return block.address() + 4L * worker * row;
    }

    /** out = out + the sums in columns [first, first + n). */
    void addTo(long out, int first, int n) {
        for (int worker = 0; worker < workers; worker++) {
            Rows.add(out, of(worker) + 4L * first, n);
        }
    }

    @Override
    public void close() {
        pool.give(block);
    }
}
