package dev.kiln.kernels;

import static dev.kiln.kernels.Lanes.INTS;
import static dev.kiln.kernels.Lanes.MEMORY;
import static dev.kiln.kernels.Lanes.ORDER;

import dev.kiln.spi.Randomness;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import jdk.incubator.vector.IntVector;

/**
 * Products with frozen weights of the shapes of GPT-2 124M beside a loop that only reads as many
 * bytes, in turns, on all cores. Weights go round, so that they come from memory and not from the
 * cache. Prints GB/s of the weights as stored, and their share of the read loop's; and how fast
 * weights are packed. An argument chooses one format.
 */
final class FrozenBenchmark {
    private static final int[][] SHAPES = {
        {768, 2304}, {768, 768}, {768, 3072}, {3072, 768}, {768, 50257}
    };
    private static final int[] ROWS = {1, 4, 16};
    private static final int TURNS = 9;

    /** More than the last level of the cache holds. */
    private static final long BYTES = 160 << 20;

    private final CpuBackend backend;
    private final MemorySegment plain;

    private FrozenBenchmark(CpuBackend backend, Arena arena) {
        this.backend = backend;
        this.plain = arena.allocate(BYTES, 64).fill((byte) 1);
    }

    public static void main(String[] arguments) {
        int threads = Runtime.getRuntime().availableProcessors();
        try (CpuBackend backend =
                        new CpuBackend(
                                "all cores",
                                threads,
                                Memory.ofProcess(),
                                8L << 30,
                                new PlainGemm());
                Arena arena = Arena.ofShared()) {
            FrozenBenchmark benchmark = new FrozenBenchmark(backend, arena);
            System.out.println(
                    "format      inner x outputs  rows   GB/s  read GB/s  ratio   pack GB/s");
            for (WeightFormat format : WeightFormat.values()) {
                if (arguments.length == 0 || arguments[0].equalsIgnoreCase(format.name())) {
                    for (int[] shape : SHAPES) {
                        benchmark.run(format, shape[0], shape[1]);
                    }
                }
            }
        }
    }

    private void run(WeightFormat format, int in, int out) {
        try (Arena arena = Arena.ofShared();
                Scope scope = backend.scope()) {
            FrozenWeight content = random(arena, format, in, out);
            long bytes = content.elements().byteSize() + content.scales().byteSize();
            int copies = (int) Math.max(2, BYTES / bytes);
            List<Weight> weights = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < copies; i++) {
                weights.add(backend.frozen(scope, content));
            }
            double packing = 1e-9 * (System.nanoTime() - start);
            for (int rows : ROWS) {
                Tensor x = filled(scope, rows, in);
                Tensor y = filled(scope, rows, out);
                double[] reads = new double[TURNS];
                double[] products = new double[TURNS];
                for (int turn = 0; turn < TURNS; turn++) {
                    reads[turn] = time(this::read);
                    products[turn] = time(() -> weights.forEach(w -> backend.linear(y, x, w)));
                }
                double read = plain.byteSize() / median(reads);
                double product = bytes * copies / median(products);
                print(format, in, out, rows, product, read, bytes * copies / packing);
            }
        }
    }

    private FrozenWeight random(Arena arena, WeightFormat format, int in, int out) {
        long elements = (long) in * out;
        long bytes =
                switch (format) {
                    case FLOAT32 -> 4 * elements;
                    case BFLOAT16 -> 2 * elements;
                    case INT8 -> elements;
                    case INT4 -> elements / 2;
                };
        int scales = format.scaled() ? (int) (elements / WeightFormat.BLOCK) : 0;
        return new FrozenWeight(
                "w",
                Shape.of(in, out),
                format,
                false,
                arena.allocate(bytes, 64).fill((byte) 0x3b),
                arena.allocateFrom(ValueLayout.JAVA_FLOAT, new float[scales]));
    }

    private Tensor filled(Scope scope, int rows, int columns) {
        Tensor tensor = scope.allocate(DType.FLOAT32, Shape.of(rows, columns));
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Randomness.uniform(1, i) - 0.5f;
        }
        backend.upload(tensor, values);
        return tensor;
    }

    /** All workers read their halves. */
    private void read() {
        int pieces = (int) (plain.byteSize() >> 16);
        backend.workers()
                .split(
                        pieces,
                        1,
                        (worker, from, to) ->
                                sum(
                                        plain.address() + ((long) from << 16),
                                        (long) (to - from) << 16));
    }

    /** Stores what it read into the first place, so that it is read. */
    private static void sum(long at, long bytes) {
        IntVector s0 = IntVector.zero(INTS);
        IntVector s1 = IntVector.zero(INTS);
        for (long i = at; i < at + bytes; i += 2L * Lanes.BYTES) {
            s0 = s0.add(IntVector.fromMemorySegment(INTS, MEMORY, i, ORDER));
            s1 = s1.add(IntVector.fromMemorySegment(INTS, MEMORY, i + Lanes.BYTES, ORDER));
        }
        s0.add(s1).intoMemorySegment(MEMORY, at, ORDER);
    }

    private static double time(Runnable run) {
        long start = System.nanoTime();
        run.run();
        return 1e-9 * (System.nanoTime() - start);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static void print(
            WeightFormat format,
            int in,
            int out,
            int rows,
            double product,
            double read,
            double packed) {
        System.out.printf(
                Locale.ROOT,
                "%-9s  %6d x %7d  %4d  %5.1f  %9.1f  %5.2f  %10.1f%n",
                format,
                in,
                out,
                rows,
                product / 1e9,
                read / 1e9,
                product / read,
                packed / 1e9);
    }
}
