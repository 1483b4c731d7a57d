package dev.kiln.platform.benchmark;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.ArrayList;
import java.util.List;

/** Norms, activations, embeddings and what goes element by element: memory bounds them all. */
final class RowKernels {
    private static final double EPSILON = 1e-5;
    private static final Dropout DROPOUT = new Dropout(0.1, 1);

    private final Backend backend;
    private final Operands operands;
    private final KernelSizes sizes;
    private final DType type;
    private final List<Kernel> kernels = new ArrayList<>();

    RowKernels(Backend backend, Operands operands, KernelSizes sizes, DType type) {
        this.backend = backend;
        this.operands = operands;
        this.sizes = sizes;
        this.type = type;
    }

    List<Kernel> all() {
        layerNorm();
        activation();
        elementwise();
        embedding();
        return kernels;
    }

    /**
     * @param passes how many tensors of [N, columns] are read and written
     */
    private void add(String name, int columns, int passes, Runnable call) {
        double bytes = (double) type.bytes() * passes * sizes.rows() * columns;
        kernels.add(new Kernel(name + " " + Workload.word(type), 0, bytes, type, call));
    }

    private Tensor activations(int columns) {
        return operands.activations(type, sizes.rows(columns));
    }

    private void layerNorm() {
        int width = sizes.width();
        Weight gain = operands.weight("gain", Shape.of(width), true);
        Weight bias = operands.weight("bias", Shape.of(width), true);
        Tensor x = activations(width);
        Tensor out = activations(width);
        Tensor dX = activations(width);
        Tensor statistics = operands.floats(Shape.of(2, sizes.rows()));
        add(
                "layerNorm",
                width,
                2,
                () -> backend.layerNorm(out, statistics, x, gain, bias, EPSILON));
        add(
                "layerNormBackward",
                width,
                3,
                () -> backend.layerNormBackward(dX, out, x, statistics, gain, bias));
    }

    private void activation() {
        int columns = 4 * sizes.width();
        Tensor x = activations(columns);
        Tensor out = activations(columns);
        Tensor dX = activations(columns);
        add("gelu", columns, 2, () -> backend.activation(out, x, ActivationFunction.GELU_TANH));
        add(
                "geluBackward",
                columns,
                3,
                () -> backend.activationBackward(dX, out, x, ActivationFunction.GELU_TANH));
    }

    private void elementwise() {
        int width = sizes.width();
        Tensor a = activations(width);
        Tensor b = activations(width);
        Tensor out = activations(width);
        add("add", width, 3, () -> backend.add(out, a, b));
        add("dropout", width, 2, () -> backend.dropout(out, a, DROPOUT));
    }

    private void embedding() {
        int width = sizes.width();
        Weight table = operands.weight("wte", Shape.of(sizes.vocabulary(), width), false);
        Tensor ids = operands.ids(sizes.rows(), sizes.vocabulary());
        Tensor out = activations(width);
        add("embedding", width, 2, () -> backend.embedding(out, table, ids));
    }
}
