package dev.kiln.platform.planning;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.Arrays;
import java.util.List;

/** Measures how fast a backend multiplies. */
public final class Speed {
    private static final int SIZE = 1024;
    private static final int WARM_UPS = 3;
    private static final int ROUNDS = 9;

    private Speed() {}

    /**
     * Floating-point operations in a second of a float32 product of [1024, 1024] matrices: the median
     * of some. A whole training step reaches a part of it.
     */
    public static double ofProducts(Backend backend) {
        try (Scope scope = backend.scope()) {
            Tensor a = ones(backend, scope);
            Tensor b = ones(backend, scope);
            Tensor out = ones(backend, scope);
            double[] seconds = new double[ROUNDS];
            for (int i = -WARM_UPS; i < ROUNDS; i++) {
                long start = System.nanoTime();
                backend.matmul(out, a, false, b, false, 1, 0);
                backend.squaredNorm(List.of(out)); // waits for a backend that runs ahead
                seconds[Math.max(0, i)] = (System.nanoTime() - start) / 1e9;
            }
            Arrays.sort(seconds);
            return 2.0 * SIZE * SIZE * SIZE / seconds[ROUNDS / 2];
        }
    }

    private static Tensor ones(Backend backend, Scope scope) {
        Tensor tensor = scope.allocate(DType.FLOAT32, Shape.of(SIZE, SIZE));
        backend.fill(tensor, 1);
        return tensor;
    }
}
