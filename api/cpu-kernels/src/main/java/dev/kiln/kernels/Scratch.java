package dev.kiln.kernels;

import java.lang.foreign.MemorySegment;

/** Some rows of floats for each worker, uninitialized, each at a multiple of a vector. */
final class Scratch implements AutoCloseable {
    private final BlockPool pool;
    private final MemorySegment block;
    private final int row;
    private final int rows;

    Scratch(BlockPool pool, Workers workers, int rows, int columns, String what) {
        this.pool = pool;
        this.rows = rows;
        this.row = Lanes.padded(columns);
        this.block = pool.take(4L * workers.count() * rows * row, what);
    }

    /** A row of a worker. */
    long of(int worker, int index) {
        return block.address() + 4L * row * ((long) worker * rows + index);
    }

    @Override
    public void close() {
        pool.give(block);
    }
}
