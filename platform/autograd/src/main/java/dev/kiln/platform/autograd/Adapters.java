package dev.kiln.platform.autograd;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;
import dev.kiln.toolkit.NamedWeights;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Low-rank adapters of matrices that stay as they are (Hu et al., 2022): a product x · W[I, O]
 * becomes x · W + α/r · dropout(x) · A[I, r] · B[r, O]. B begins as zeros, so that a new adapter
 * changes nothing; A with the deviation of the released code, 1 / √(3 I). Used by one thread.
 */
public final class Adapters {
    private final Map<Weight, Adapter> adapters = new IdentityHashMap<>();
    private final List<Weight> targets;
    private final double scale;
    private final double dropout;

    /** The two factors of a matrix's change, A[I, r] and B[r, O]. */
    public record Adapter(Weight down, Weight up) {}

    /**
     * New adapters, which change nothing yet.
     *
     * @param targets matrices that only {@code linear} and {@code linearActivation} use
     * @param weights where {@code NAME.lora_A} and {@code NAME.lora_B} are created
     * @param dropout rate on what goes into them, while training
     */
    public Adapters(List<Weight> targets, Weights weights, int rank, double alpha, double dropout) {
        this.targets = List.copyOf(targets);
        this.scale = alpha / rank;
        this.dropout = dropout;
        for (Weight target : targets) {
            int in = target.shape().rows();
            Init init = new Init.Normal(1 / Math.sqrt(3.0 * in));
            adapters.put(
                    target,
                    new Adapter(
                            weights.create(target.name() + ".lora_A", Shape.of(in, rank), init),
                            weights.create(
                                    target.name() + ".lora_B",
                                    Shape.of(rank, target.shape().columns()),
                                    Init.ZEROS)));
        }
    }

    /** No adapters: operations and weights are as they are. */
    public static Adapters none() {
        return new Adapters(List.of(), new NamedWeights(Adapters::refuse), 1, 0, 0);
    }

    /** The same operations with the adapters in their products; only as long as not merged. */
    public Ops around(Ops ops) {
        return adapters.isEmpty() ? ops : new AdaptedOps(ops, this);
    }

    /** The matrices that have adapters. */
    public List<Weight> targets() {
        return targets;
    }

    /** The weights of the adapters, A and B of each target. */
    public List<Weight> factors() {
        return targets.stream()
                .map(adapters::get)
                .flatMap(adapter -> Stream.of(adapter.down(), adapter.up()))
                .toList();
    }

    /** Makes the adapters change nothing, as new ones do. */
    public void clear(Backend backend) {
        for (Weight target : targets) {
            Weight up = adapters.get(target).up();
            backend.fill(up.value(), 0);
            backend.refresh(up);
        }
    }

    /** The adapter of a matrix, if it has one. */
    public Optional<Adapter> of(Weight weight) {
        return Optional.ofNullable(adapters.get(weight));
    }

    double scale() {
        return scale;
    }

    double dropout() {
        return dropout;
    }

    /** What a weight amounts to with its adapter, W + α/r · A · B; its own master if it has none. */
    public Tensor merged(Backend backend, Scope scope, Weight weight) {
        Adapter adapter = adapters.get(weight);
        if (adapter == null) {
            return weight.value();
        }
        Tensor sum = scope.allocate(DType.FLOAT32, weight.shape());
        backend.copy(sum, weight.value());
        add(backend, sum, adapter, scale);
        return sum;
    }

    /** Adds every adapter to its matrix, which then does by itself what both did. */
    public void merge(Backend backend) {
        add(backend, scale);
    }

    /** Takes every adapter out of its matrix again, but for rounding. */
    public void unmerge(Backend backend) {
        add(backend, -scale);
    }

    private void add(Backend backend, double factor) {
        adapters.forEach(
                (weight, adapter) -> {
                    add(backend, weight.value(), adapter, factor);
                    backend.refresh(weight);
                });
    }

    private static void add(Backend backend, Tensor sum, Adapter adapter, double factor) {
        backend.matmul(sum, adapter.down().value(), false, adapter.up().value(), false, factor, 1);
    }

    private static Weight refuse(String name, Shape shape, Init init) {
        throw new IllegalStateException("there are no adapters");
    }
}
