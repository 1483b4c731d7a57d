package dev.kiln.kernels;

import java.util.concurrent.atomic.AtomicBoolean;

/** Runs loops over all elements of tensors, in parallel where that pays. */
final class FlatKernels {
    /** Floats below which another thread isn't worth waking. */
    private static final int GRAIN = 16384;

    /** Vectors of a tile: a few tiles fit in the first level of the cache. */
    static final int TILE = 64;

    /** Floats that are summed up into one number; fixed, so sums do not depend on threads. */
    private static final int BLOCK = 4096;

    private final Workers workers;
    private final BlockPool pool;

    FlatKernels(Workers workers, BlockPool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    /** Rows of so many columns below which another thread isn't worth waking. */
    static int grain(int columns) {
        return Math.max(1, GRAIN / columns);
    }

    /** An operation on a tile: out from a and b, which may be out, with scratch of a tile. */
    interface Kernel {
        /**
         * @param vectors number of whole vectors, at most {@link #TILE} where there is scratch
         * @param first index of the tile's first element in the tensor
         */
        void run(long out, long a, long b, int vectors, long first, long scratch);
    }

    /** Bytes of operands that are not computed with. */
    interface Move {
        void run(long at, long bytes);
    }

    /** The last vector may run over the tensors' ends into the blocks' padding. */
    void run(Elements out, Elements a, Elements b, long size, Kernel kernel) {
        try (Scratch scratch = new Scratch(pool, workers, 4, TILE * Lanes.COUNT, "elementwise")) {
            workers.split(
                    Math.toIntExact((size + Lanes.COUNT - 1) / Lanes.COUNT),
                    GRAIN / Lanes.COUNT,
                    (worker, from, to) -> {
                        for (int vector = from; vector < to; vector += TILE) {
                            int vectors = Math.min(TILE, to - vector);
                            tile(out, a, b, vector, vectors, kernel, scratch.of(worker, 0));
                        }
                    });
        }
    }

    private static void tile(
            Elements out,
            Elements a,
            Elements b,
            int vector,
            int vectors,
            Kernel kernel,
            long scratch) {
        long bytes = (long) TILE * Lanes.BYTES;
        long first = (long) vector * Lanes.COUNT;
        int n = vectors * Lanes.COUNT;
        long x = a.read(first, n, scratch);
        long y = b.equals(a) ? x : b.read(first, n, scratch + bytes);
        long to = out.place(first, scratch + 2 * bytes);
        kernel.run(to, x, y, vectors, first, scratch + 3 * bytes);
        out.store(first, n, to);
    }

    /** In whole vectors, which may run over the operands' ends into their blocks' padding. */
    void move(long bytes, Move move) {
        workers.split(
                Math.toIntExact((bytes + Lanes.BYTES - 1) / Lanes.BYTES),
                GRAIN / Lanes.COUNT,
                (worker, from, to) ->
                        move.run((long) from * Lanes.BYTES, (long) (to - from) * Lanes.BYTES));
    }

    /** out = x, of either type. */
    void cast(Elements out, Elements x, long size) {
        workers.split(
                Math.toIntExact((size + Lanes.COUNT - 1) / Lanes.COUNT),
                GRAIN / Lanes.COUNT,
                (worker, from, to) -> {
                    long first = (long) from * Lanes.COUNT;
                    int n = (to - from) * Lanes.COUNT;
                    if (x.wide()) {
                        out.store(first, n, x.at(first));
                    } else {
                        x.read(first, n, out.at(first));
                    }
                });
    }

    double squaredNorm(Elements x, long size) {
        double[] sums = new double[blocks(size)];
        eachBlock(x, size, (block, at, n) -> sums[block] = Optimization.squares(at, n));
        double sum = 0;
        for (double part : sums) {
            sum += part;
        }
        return sum;
    }

    boolean isFinite(Elements x, long size) {
        AtomicBoolean finite = new AtomicBoolean(true);
        eachBlock(
                x,
                size,
                (block, at, n) -> {
                    if (!Optimization.isFinite(at, n)) {
                        finite.set(false);
                    }
                });
        return finite.get();
    }

    private interface Block {
        void run(int block, long at, int n);
    }

    private void eachBlock(Elements x, long size, Block body) {
        try (Scratch scratch = new Scratch(pool, workers, 1, BLOCK, "a block of elements")) {
            workers.split(
                    blocks(size),
                    GRAIN / BLOCK,
                    (worker, from, to) -> {
                        for (int i = from; i < to; i++) {
                            int n = length(i, size);
                            long at = x.read((long) i * BLOCK, n, scratch.of(worker, 0));
                            body.run(i, at, n);
                        }
                    });
        }
    }

    private static int blocks(long size) {
        return Math.toIntExact((size + BLOCK - 1) / BLOCK);
    }

    private static int length(int block, long size) {
        return (int) Math.min(BLOCK, size - (long) block * BLOCK);
    }
}
