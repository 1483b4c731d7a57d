package dev.kiln.plugins.nd4j;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.PreciseGELU;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's ops beside the vector kernels, in one process, in turns, both on all cores: where ND4J's
 * are at least as fast the backend should use them. Prints the milliseconds of the fastest run.
 */
final class KernelBenchmark {
    private static final int ROWS = 4096;
    private static final int COLUMNS = 1024;
    private static final int RUNS = 60;

    private final Backend backend;
    private final Scope scope;
    private final Tensor x;
    private final Tensor y;
    private final INDArray a;
    private final INDArray b;

    private KernelBenchmark(Backend backend) {
        this.backend = backend;
        scope = backend.scope();
        float[] values = new float[ROWS * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Randomness.normal(1, i);
        }
        x = scope.allocate(DType.FLOAT32, Shape.of(ROWS, COLUMNS));
        y = scope.allocate(DType.FLOAT32, Shape.of(ROWS, COLUMNS));
        backend.upload(x, values);
        a = Nd4j.create(values, new long[] {ROWS, COLUMNS}, 'c');
        b = a.dup();
    }

    public static void main(String[] arguments) {
        int threads = Runtime.getRuntime().availableProcessors();
        try (Backend backend = Nd4jBackend.open(threads)) {
            Nd4j.getEnvironment().setMaxMasterThreads(threads);
            System.out.printf("[%d, %d], %d threads       ND4J     Kiln%n", ROWS, COLUMNS, threads);
            new KernelBenchmark(backend).run();
        }
    }

    private void run() {
        compare("add", () -> a.add(b, b), () -> backend.add(y, x, y));
        PreciseGELU gelu = new PreciseGELU(a, b);
        compare(
                "gelu",
                () -> Nd4j.exec(gelu),
                () -> backend.activation(y, x, ActivationFunction.GELU_TANH));
        INDArray gain = Nd4j.ones(COLUMNS);
        Weight weight = backend.weight(scope, "gain", Shape.of(COLUMNS), false);
        Tensor statistics = scope.allocate(DType.FLOAT32, Shape.of(2, ROWS));
        CustomOp norm =
                DynamicCustomOp.builder("layer_norm")
                        .addInputs(a, gain, gain)
                        .addOutputs(b)
                        .addIntegerArguments(1)
                        .addBooleanArguments(true)
                        .build();
        compare(
                "layer norm",
                () -> Nd4j.exec(norm),
                () -> backend.layerNorm(y, statistics, x, weight, weight, 1e-5));
        Tensor losses = scope.allocate(DType.FLOAT32, Shape.of(ROWS));
        Tensor weights = scope.allocate(DType.FLOAT32, Shape.of(ROWS));
        Tensor targets = scope.allocate(DType.INT32, Shape.of(ROWS));
        backend.upload(targets, new int[ROWS]);
        backend.fill(weights, 1);
        CustomOp softmax = op("softmax", a);
        compare(
                "softmax (Kiln: with cross-entropy)",
                () -> Nd4j.exec(softmax),
                () -> backend.crossEntropy(losses, y, x, targets, weights));
    }

    private CustomOp op(String name, INDArray input) {
        return DynamicCustomOp.builder(name).addInputs(input).addOutputs(b).build();
    }

    private static void compare(String kernel, Runnable nd4j, Runnable kiln) {
        double first = Double.MAX_VALUE;
        double second = Double.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            first = Math.min(first, milliseconds(nd4j));
            second = Math.min(second, milliseconds(kiln));
        }
        System.out.printf(Locale.ROOT, "%8.2f ms %8.2f ms  %s%n", first, second, kernel);
    }

    private static double milliseconds(Runnable run) {
        long start = System.nanoTime();
        run.run();
        return (System.nanoTime() - start) / 1e6;
    }
}
