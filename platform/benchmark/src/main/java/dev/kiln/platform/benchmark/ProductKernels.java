package dev.kiln.platform.benchmark;

import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The products of a training step: forward, the input's gradient (dX) and the weight's (dW) of each
 * linear layer of a block, and the output projection with its loss.
 */
final class ProductKernels {
    private final Backend backend;
    private final Operands operands;
    private final KernelSizes sizes;
    private final DType type;
    private final List<Kernel> kernels = new ArrayList<>();

    ProductKernels(Backend backend, Operands operands, KernelSizes sizes, DType type) {
        this.backend = backend;
        this.operands = operands;
        this.sizes = sizes;
        this.type = type;
    }

    List<Kernel> all() {
        int width = sizes.width();
        linear(width, 3 * width);
        linear(width, width);
        linear(width, 4 * width);
        linear(4 * width, width);
        linearActivation(width, 4 * width);
        projection();
        return kernels;
    }

    private void add(String name, double flops, double bytes, Runnable call) {
        kernels.add(new Kernel(name + " " + Workload.word(type), flops, bytes, type, call));
    }

    private void linear(int in, int out) {
        Weight weight = operands.weight("w" + in + "x" + out, Shape.of(in, out), true);
        Weight bias = operands.weight("b" + in + "x" + out, Shape.of(out), true);
        Tensor x = operands.activations(type, sizes.rows(in));
        Tensor y = operands.activations(type, sizes.rows(out));
        double flops = 2.0 * sizes.rows() * in * out;
        double activations = (double) type.bytes() * sizes.rows() * (in + out);
        double elements = (double) in * out;
        double read = activations + type.bytes() * elements;
        String shape = String.format(Locale.ROOT, " %dx%d", in, out);
        add("linear" + shape, flops, read, () -> backend.linear(y, x, weight, bias));
        add("linear dX" + shape, flops, read, () -> backend.linearBackwardInput(x, y, weight));
        add(
                "linear dW" + shape,
                flops,
                activations + 2 * Float.BYTES * elements,
                () -> backend.linearBackwardWeight(weight, x, y));
    }

    private void linearActivation(int in, int out) {
        Weight weight = operands.weight("g" + in + "x" + out, Shape.of(in, out), false);
        Weight bias = operands.weight("gb" + out, Shape.of(out), false);
        Tensor x = operands.activations(type, sizes.rows(in));
        Tensor before = operands.activations(type, sizes.rows(out));
        Tensor y = operands.activations(type, sizes.rows(out));
        double elements = (double) in * out + (double) sizes.rows() * (in + 2.0 * out);
        add(
                String.format(Locale.ROOT, "linearGelu %dx%d", in, out),
                2.0 * sizes.rows() * in * out,
                type.bytes() * elements,
                () ->
                        backend.linearActivation(
                                y, before, x, weight, bias, ActivationFunction.GELU_TANH));
    }

    private void projection() {
        int width = sizes.width();
        int vocabulary = sizes.vocabulary();
        Weight table = operands.weight("table", Shape.of(vocabulary, width), true);
        Tensor hidden = operands.activations(type, sizes.rows(width));
        Tensor dHidden = operands.activations(type, sizes.rows(width));
        Tensor targets = operands.ids(sizes.rows(), vocabulary);
        Tensor weights = operands.floats(Shape.of(sizes.rows()));
        Tensor losses = operands.floats(Shape.of(sizes.rows()));
        double product = 2.0 * sizes.rows() * width * vocabulary;
        double elements = (double) vocabulary * width;
        double rows = (double) type.bytes() * sizes.rows() * width;
        String shape = String.format(Locale.ROOT, " %dx%d", width, vocabulary);
        add(
                "projectedCrossEntropy" + shape,
                product,
                rows + type.bytes() * elements,
                () -> backend.projectedCrossEntropy(losses, hidden, table, targets, weights));
        add(
                "projectedCrossEntropyBackward" + shape,
                3 * product,
                2 * rows + (type.bytes() + 2.0 * Float.BYTES) * elements,
                () ->
                        backend.projectedCrossEntropyBackward(
                                losses, dHidden, hidden, table, targets, weights));
    }
}
