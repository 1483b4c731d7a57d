package dev.kiln.platform.benchmark;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;

/** The fastest that a backend multiplies matrices: what a training step is held against. */
final class MatmulPeak {
    private static final int SMALLEST = 64;
    private static final int LARGEST = 2048;

    /** Rounds of a size: from idle, cores and compiled code take a while to reach their speed. */
    private static final int LEAST_ROUNDS = 5;

    private static final double LEAST_SECONDS = 0.1;

    /** A product of this size takes long enough, and larger ones are not faster. */
    private static final double ENOUGH_SECONDS = 0.1;

    private MatmulPeak() {}

    /**
     * Floating-point operations in a second: the best of some square products with a weight, of
     * growing sizes.
     *
     * @param type of activations and result
     */
    static double of(Backend backend, DType type) {
        double best = 0;
        double seconds = 0;
        for (int n = SMALLEST; n <= LARGEST && seconds < ENOUGH_SECONDS; n *= 2) {
            seconds = seconds(backend, type, n);
            best = Math.max(best, 2.0 * n * n * n / seconds);
        }
        return best;
    }

    private static double seconds(Backend backend, DType type, int n) {
        try (Scope scope = backend.scope()) {
            Operands operands = new Operands(backend, scope);
            Shape shape = Shape.of(n, n);
            Weight weight = operands.weight("peak", shape, false);
            Tensor x = operands.activations(type, shape);
            Tensor out = operands.activations(type, shape);
            double best = Double.MAX_VALUE;
            long begin = System.nanoTime();
            for (int i = 0;
                    i < LEAST_ROUNDS || System.nanoTime() - begin < 1e9 * LEAST_SECONDS;
                    i++) {
                long start = System.nanoTime();
                backend.linear(out, x, weight);
                operands.await();
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
            return best;
        }
    }
}
