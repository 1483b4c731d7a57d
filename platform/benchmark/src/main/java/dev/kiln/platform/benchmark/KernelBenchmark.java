package dev.kiln.platform.benchmark;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Kernels at a model's sizes, held against the machine's roofline. */
public final class KernelBenchmark implements Benchmark {
    /** A measurement repeats a call until it took this long. */
    private static final double LEAST_SECONDS = 0.01;

    private static final int WARM_UPS = 2;

    private final Run run;
    private final Backend backend;
    private final Scope scope;
    private final Arena arena = Arena.ofShared();
    private final Operands operands;
    private final Roofline roofline;
    private final List<Kernel> kernels = new ArrayList<>();

    /**
     * What to run: the kernels of training steps on a batch, and of generation.
     *
     * @param length of each of the batch's sequences, in tokens
     * @param window for training's attention alone: dense, and with so many keys a query
     */
    public record Run(Workload workload, int batch, int length, Optional<Integer> window) {}

    /** Measures the roofline and calls the kernels. */
    public KernelBenchmark(Run run) {
        this.run = run;
        backend = run.workload().open();
        scope = backend.scope();
        operands = new Operands(backend, scope);
        List<DType> types = types();
        KernelSizes sizes = KernelSizes.of(run.workload().shape(), run.batch(), run.length());
        run.window()
                .ifPresentOrElse(
                        window -> addAttention(window, sizes, types), () -> addAll(sizes, types));
        for (Kernel kernel : kernels) {
            for (int i = 0; i < WARM_UPS; i++) {
                kernel.call().run();
            }
        }
        roofline =
                Roofline.measure(
                        backend, kernels.stream().map(Kernel::type).collect(Collectors.toSet()));
    }

    private void addAll(KernelSizes sizes, List<DType> types) {
        AttentionLayout dense = new Causal(run.length(), run.length());
        for (DType type : types) {
            kernels.addAll(new ProductKernels(backend, operands, sizes, type).all());
            kernels.addAll(new RowKernels(backend, operands, sizes, type).all());
            kernels.addAll(new AttentionKernels(backend, operands, sizes, dense, type).all());
            kernels.addAll(new FrozenKernels(backend, operands, sizes, type, arena).all());
        }
        kernels.addAll(new UpdateKernels(backend, operands, sizes).all());
    }

    private void addAttention(int window, KernelSizes sizes, List<DType> types) {
        int length = run.length();
        for (DType type : types) {
            for (AttentionLayout layout :
                    List.of(new Causal(length, length), new Banded(length, length, window))) {
                kernels.addAll(
                        new AttentionKernels(backend, operands, sizes, layout, type).ofTraining());
            }
        }
    }

    private List<DType> types() {
        return Stream.of(Precision.values())
                .filter(
                        precision ->
                                run.workload().precision().isEmpty()
                                        || run.workload().precision().get() == precision)
                .map(Precision::activations)
                .filter(backend.capabilities().types()::contains)
                .toList();
    }

    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public Map<String, Object> about() {
        Map<String, Object> about = run.workload().about(backend);
        about.remove("precision");
        about.put("batch", run.batch());
        about.put("context", run.length());
        about.put("roofline", roofline.describe());
        Map<String, Object> bounds = new LinkedHashMap<>();
        kernels.forEach(kernel -> bounds.put(kernel.name(), roofline.bound(kernel)));
        about.put("bounds", bounds);
        about.put("shareOf", "the time that the roofline allows");
        return about;
    }

    @Override
    public Map<String, Map<String, Double>> round() {
        Map<Kernel, Double> times = new LinkedHashMap<>();
        for (Kernel kernel : kernels) {
            double seconds = seconds(kernel);
            roofline.reached(kernel, seconds);
            times.put(kernel, seconds);
        }
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        times.forEach((kernel, seconds) -> rows.put(kernel.name(), figures(kernel, seconds)));
        return rows;
    }

    private Map<String, Double> figures(Kernel kernel, double seconds) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(Figures.MILLISECONDS, 1e3 * seconds);
        figures.put(Figures.GIGAFLOPS_PER_SECOND, kernel.flops() / seconds / 1e9);
        figures.put(Figures.GIGABYTES_PER_SECOND, kernel.bytes() / seconds / 1e9);
        figures.put(Figures.SHARE, roofline.share(kernel, seconds));
        return figures;
    }

    private double seconds(Kernel kernel) {
        long start = System.nanoTime();
        long calls = 0;
        double seconds;
        do {
            kernel.call().run();
            calls++;
            operands.await();
            seconds = (System.nanoTime() - start) / 1e9;
        } while (seconds < LEAST_SECONDS);
        return seconds / calls;
    }

    @Override
    public void close() {
        scope.close();
        backend.close();
        arena.close();
    }
}
