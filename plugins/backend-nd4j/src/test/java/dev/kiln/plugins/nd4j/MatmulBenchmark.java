package dev.kiln.plugins.nd4j;

import dev.kiln.kernels.CpuTensor;
import dev.kiln.kernels.Gemm;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * The backend's matmul beside {@code cblas_sgemm} of the OpenBLAS that it loads, in one process, in
 * turns, on all cores: OpenBLAS with its own threads, the backend with its own. Prints the medians
 * in GFLOP/s and their ratio, which must be 0.90 or more.
 */
final class MatmulBenchmark {
    private static final int[][] SHAPES = {{1024, 768, 3072}, {256, 768, 2304}, {1024, 768, 50257}};
    private static final int TURNS = 7;
    private static final int CALLS = 5;

    /** From idle, the second core takes a while to reach its speed. */
    private static final long WARM_UP_NANOS = 200_000_000;

    /** OpenBLAS's threads spin on for a tenth of a second after a call. */
    private static final long PAUSE_NANOS = 150_000_000;

    private MatmulBenchmark() {}

    public static void main(String[] arguments) {
        int threads = Runtime.getRuntime().availableProcessors();
        try (Backend backend = Nd4jBackend.open(threads)) {
            System.out.println(backend.capabilities());
            System.out.println("rows x inner x columns   cblas_sgemm       kiln   ratio");
            for (int[] shape : SHAPES) {
                compare(backend, threads, shape[0], shape[2], shape[1]);
            }
        }
    }

    private static void compare(Backend backend, int threads, int m, int n, int k) {
        try (Scope scope = backend.scope()) {
            CpuTensor a = random(backend, scope, m, k);
            CpuTensor b = random(backend, scope, k, n);
            CpuTensor c = random(backend, scope, m, n);
            Gemm library = OpenBlas.load();
            Gemm.Product product = Gemm.Product.ofFloats(false, k, false, n, n, m, n, k, 1, 0);
            Runnable cblas =
                    () -> library.multiply(product, a.address(), b.address(), 0, c.address());
            Runnable kiln = () -> backend.matmul(c, a, false, b, false, 1, 0);
            double[] cblasSeconds = new double[TURNS * CALLS];
            double[] kilnSeconds = new double[TURNS * CALLS];
            for (int turn = 0; turn < TURNS; turn++) {
                openblas_nolapack.blas_set_num_threads(threads);
                time(cblas, cblasSeconds, turn);
                openblas_nolapack.blas_set_num_threads(1);
                time(kiln, kilnSeconds, turn);
            }
            print(m, n, k, median(cblasSeconds), median(kilnSeconds));
        }
    }

    private static CpuTensor random(Backend backend, Scope scope, int rows, int columns) {
        CpuTensor tensor = (CpuTensor) scope.allocate(DType.FLOAT32, Shape.of(rows, columns));
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Randomness.uniform(1, i) - 0.5f;
        }
        backend.upload(tensor, values);
        return tensor;
    }

    /** Calls one after the other, as in training, from when both cores are awake. */
    private static void time(Runnable run, double[] seconds, int turn) {
        LockSupport.parkNanos(PAUSE_NANOS);
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < WARM_UP_NANOS) {
            run.run();
        }
        for (int call = 0; call < CALLS; call++) {
            long start = System.nanoTime();
            run.run();
            seconds[turn * CALLS + call] = (System.nanoTime() - start) / 1e9;
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static void print(int m, int n, int k, double cblas, double kiln) {
        double billions = 2e-9 * m * n * k;
        System.out.printf(
                Locale.ROOT,
                "%6d x %5d x %7d   %11.0f  %9.0f   %5.2f%n",
                m,
                k,
                n,
                billions / cblas,
                billions / kiln,
                cblas / kiln);
    }
}
