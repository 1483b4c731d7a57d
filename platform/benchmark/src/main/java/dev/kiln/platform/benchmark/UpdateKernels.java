package dev.kiln.platform.benchmark;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.CompactMoment;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The optimizer's kernels on a weight of the size of the token embedding. */
final class UpdateKernels {
    private static final AdamWStep STEP = new AdamWStep(1, 1e-4, 0.9, 0.95, 1e-8, 0.1, 1);

    private final Backend backend;
    private final Operands operands;
    private final Shape shape;
    private final Weight weight;
    private final List<Kernel> kernels = new ArrayList<>();

    UpdateKernels(Backend backend, Operands operands, KernelSizes sizes) {
        this.backend = backend;
        this.operands = operands;
        this.shape = Shape.of(sizes.vocabulary(), sizes.width());
        this.weight = operands.weight("updated", shape, true);
    }

    List<Kernel> all() {
        add("squaredNorm", 4, () -> backend.squaredNorm(List.of(weight.gradient())));
        List<Tensor> first = List.of(operands.zeros(DType.FLOAT32, shape));
        List<Tensor> second = List.of(operands.zeros(DType.FLOAT32, shape));
        // Weight and both moments are read and written, the gradient is read.
        add("adamW", 28, () -> backend.adamW(List.of(weight), first, second, STEP));
        compactUpdate().ifPresent(update -> add("adamWCompact", 16, update));
        return kernels;
    }

    /** Empty where the backend has no 8-bit state. */
    private Optional<Runnable> compactUpdate() {
        if (!backend.capabilities().types().contains(DType.UINT8)) {
            return Optional.empty();
        }
        List<CompactMoment> first = List.of(compact());
        List<CompactMoment> second = List.of(compact());
        Runnable update = () -> backend.adamWCompact(List.of(weight), first, second, STEP);
        try {
            update.run();
            return Optional.of(update);
        } catch (InvalidInput e) {
            return Optional.empty();
        }
    }

    private void add(String name, double bytesOfAnElement, Runnable call) {
        double bytes = bytesOfAnElement * shape.size();
        String full = name + " " + shape.rows() + "x" + shape.columns();
        kernels.add(new Kernel(full, 0, bytes, DType.FLOAT32, call));
    }

    /** All codes 0 with scales 0: the moments of a first step. */
    private CompactMoment compact() {
        long blocks = (shape.size() + CompactMoment.BLOCK - 1) / CompactMoment.BLOCK;
        Tensor codes = operands.scope().allocate(DType.UINT8, shape);
        backend.upload(
                codes,
                java.lang.foreign.MemorySegment.ofArray(new byte[Math.toIntExact(shape.size())]));
        return new CompactMoment(
                codes, operands.zeros(DType.FLOAT32, Shape.of(Math.toIntExact(blocks))));
    }
}
