package dev.kiln.platform.benchmark;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One token through a frozen weight, in each format that the backend keeps: a block's largest matrix
 * and the output projection.
 *
 * @param arena how long the weights' elements live
 */
record FrozenKernels(
        Backend backend, Operands operands, KernelSizes sizes, DType type, Arena arena) {

    List<Kernel> all() {
        return new TreeSet<>(backend.capabilities().weightFormats())
                .stream().flatMap(format -> Stream.of(linear(format), logits(format))).toList();
    }

    private Weight weight(WeightFormat format, Shape shape, boolean table) {
        RandomWeights.Frozen how = new RandomWeights.Frozen(format, arena);
        String name = "frozen." + Workload.word(format) + shape + type;
        return backend.frozen(operands.scope(), RandomWeights.random(how, name, shape, table));
    }

    private Kernel linear(WeightFormat format) {
        int width = sizes.width();
        Shape shape = Shape.of(width, 4 * width);
        Weight weight = weight(format, shape, false);
        Tensor x = operands.activations(type, Shape.of(1, width));
        Tensor out = operands.activations(type, Shape.of(1, 4 * width));
        return kernel("linear", format, shape, false, () -> backend.linear(out, x, weight));
    }

    private Kernel logits(WeightFormat format) {
        Shape shape = Shape.of(sizes.vocabulary(), sizes.width());
        Weight table = weight(format, shape, true);
        Tensor hidden = operands.activations(type, Shape.of(1, sizes.width()));
        Tensor out = operands.floats(Shape.of(1, sizes.vocabulary()));
        return kernel("logits", format, shape, true, () -> backend.logits(out, hidden, table));
    }

    private Kernel kernel(
            String name, WeightFormat format, Shape shape, boolean table, Runnable call) {
        String full =
                String.format(
                        Locale.ROOT,
                        "%s of 1 row, %s weight %dx%d %s",
                        name,
                        Workload.word(format),
                        shape.rows(),
                        shape.columns(),
                        Workload.word(type));
        return new Kernel(
                full, 2.0 * shape.size(), Stored.of(format, shape, table).bytes(), type, call);
    }
}
