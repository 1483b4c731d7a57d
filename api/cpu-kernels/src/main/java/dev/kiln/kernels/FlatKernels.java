package dev.kiln.kernels;

import dev.kiln.spi.backend.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs loops over all elements of tensors, in parallel where that pays. */
final class FlatKernels {
    /** Floats below which another thread isn't worth waking. */
    private static final int GRAIN = 16384;

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

    /** A loop over a number of whole vectors that begin some bytes into every operand. */
    interface Loop {
        void run(long at, int vectors);
    }

    /** The same with scratch of its own. */
    interface ScratchLoop {
        void run(long at, int vectors, long scratch);
    }

    /** The last vector may run over the tensor's end into the block's padding. */
    void run(Tensor out, Loop loop) {
        int vectors = Math.toIntExact((out.shape().size() + Lanes.COUNT - 1) / Lanes.COUNT);
        workers.split(
                vectors,
                GRAIN / Lanes.COUNT,
                (worker, from, to) -> loop.run((long) from * Lanes.BYTES, to - from));
    }

    /** As {@link #run}, with a block of {@link Activations#BLOCK} vectors for each worker. */
    void runWithScratch(Tensor out, ScratchLoop loop) {
        int vectors = Math.toIntExact((out.shape().size() + Lanes.COUNT - 1) / Lanes.COUNT);
        long bytes = (long) Activations.BLOCK * Lanes.BYTES;
        MemorySegment scratch = pool.take(bytes * workers.count(), "activation");
        workers.split(
                vectors,
                GRAIN / Lanes.COUNT,
                (worker, from, to) ->
                        loop.run(
                                (long) from * Lanes.BYTES,
                                to - from,
                                scratch.address() + bytes * worker));
        pool.give(scratch);
    }

    static void copy(long out, long x, int vectors) {
        long bytes = (long) vectors * Lanes.BYTES;
        Lanes.segment(out, bytes).copyFrom(Lanes.segment(x, bytes));
    }

    double squaredNorm(long x, long size) {
        int blocks = Math.toIntExact((size + BLOCK - 1) / BLOCK);
        double[] sums = new double[blocks];
        workers.split(
                blocks,
                GRAIN / BLOCK,
                (worker, from, to) -> {
                    for (int i = from; i < to; i++) {
                        sums[i] = Optimization.squares(x + 4L * i * BLOCK, length(i, size));
                    }
                });
        double sum = 0;
        for (double part : sums) {
            sum += part;
        }
        return sum;
    }

    boolean isFinite(long x, long size) {
        int blocks = Math.toIntExact((size + BLOCK - 1) / BLOCK);
        AtomicBoolean finite = new AtomicBoolean(true);
        workers.split(
                blocks,
                GRAIN / BLOCK,
                (worker, from, to) -> {
                    for (int i = from; i < to; i++) {
                        if (!Optimization.isFinite(x + 4L * i * BLOCK, length(i, size))) {
                            finite.set(false);
                        }
                    }
                });
        return finite.get();
    }

    private static int length(int block, long size) {
        return (int) Math.min(BLOCK, size - (long) block * BLOCK);
    }
}
