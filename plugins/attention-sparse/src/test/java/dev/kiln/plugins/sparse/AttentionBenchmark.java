package dev.kiln.plugins.sparse;

import dev.kiln.kernels.CpuBackend;
import dev.kiln.kernels.Gemm;
import dev.kiln.kernels.Memory;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What sparse attention costs beside dense: one sequence of 8,192 positions, 12 heads, width 768,
 * float32, all cores, the CPU kernels' own loops without a library's products, in one process, in
 * turns. Prints a Markdown table: medians of the milliseconds of a call, the scratch memory that a
 * call takes beside its tensors, and dense's share of each. Arguments, all optional: positions,
 * rounds.
 *
 * <pre>mvn -q -pl plugins/attention-sparse test-compile exec:exec@attention-benchmark</pre>
 */
public final class AttentionBenchmark {
    private static final FolderContext CONTEXT = new FolderContext(1, Path.of(""));
    private static final int HEADS = 12;
    private static final int WIDTH = 768;
    private static final int WARM_UP_ROUNDS = 2;

    private final CpuBackend backend;
    private final Tensor qkv;
    private final Tensor out;
    private final Tensor logSumExp;
    private final Tensor dQkv;
    private final Tensor dOut;

    /** One pattern and what was measured of it. */
    private record Row(
            String name,
            AttentionSpec spec,
            double[] forward,
            double[] backward,
            long forwardBytes,
            long backwardBytes) {}

    /** Is not for worker threads, so that attention keeps to its loops. */
    private static final class NoLibrary implements Gemm {
        @Override
        public void multiply(Product product, long a, long b, long bias, long c) {
            throw new UnsupportedOperationException("attention called it");
        }

        @Override
        public Set<DType> types() {
            return Set.of(DType.FLOAT32);
        }

        @Override
        public boolean parallel() {
            return true;
        }
    }

    private AttentionBenchmark(CpuBackend backend, Scope scope, int length) {
        this.backend = backend;
        qkv = random(scope, 1, length, 3 * WIDTH);
        out = random(scope, 1, length, WIDTH);
        logSumExp = random(scope, 1, HEADS, length);
        dQkv = random(scope, 1, length, 3 * WIDTH);
        dOut = random(scope, 1, length, WIDTH);
    }

    public static void main(String[] arguments) {
        int length = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8192;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
        int threads = Runtime.getRuntime().availableProcessors();
        try (CpuBackend backend =
                        new CpuBackend(
                                "benchmark",
                                threads,
                                Memory.ofProcess(),
                                4L << 30,
                                new NoLibrary());
                Scope scope = backend.scope()) {
            new AttentionBenchmark(backend, scope, length).run(length, rounds);
        }
    }

    private void run(int length, int rounds) {
        List<Row> rows =
                List.of(
                        row(
                                "dense",
                                (layer, queries, keys) -> new Causal(queries, keys),
                                length,
                                rounds),
                        row("banded, window 256", banded(), length, rounds),
                        row("strided, 128", strided("both"), length, rounds),
                        row("strided, 128, local", strided("local"), length, rounds),
                        row("strided, 128, summary", strided("summary"), length, rounds),
                        row("fixed, 128, 8", fixed("both"), length, rounds),
                        row("fixed, 128, 8, summary", fixed("summary"), length, rounds));
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            for (Row row : rows) {
                double forward = milliseconds(() -> forward(row.spec));
                double backward = milliseconds(() -> backward(row.spec));
                if (round >= 0) {
                    row.forward[round] = forward;
                    row.backward[round] = backward;
                }
            }
        }
        print(rows);
    }

    private static AttentionPattern banded() {
        return new BandedFactory().create(new BandedOptions(256), CONTEXT);
    }

    private static AttentionPattern strided(String part) {
        return new StridedFactory().create(new StridedOptions(128, part), CONTEXT);
    }

    private static AttentionPattern fixed(String part) {
        return new FixedFactory().create(new FixedOptions(128, 8, part), CONTEXT);
    }

    private Row row(String name, AttentionPattern pattern, int length, int rounds) {
        AttentionLayout layout = pattern.layout(0, length, length);
        double scale = 1 / Math.sqrt((double) WIDTH / HEADS);
        AttentionSpec spec = new AttentionSpec(HEADS, layout, scale, Dropout.NONE);
        return new Row(
                name,
                spec,
                new double[rounds],
                new double[rounds],
                backend.scratchBytes(() -> forward(spec)),
                backend.scratchBytes(() -> backward(spec)));
    }

    private void forward(AttentionSpec spec) {
        backend.attention(out, logSumExp, qkv, spec);
    }

    private void backward(AttentionSpec spec) {
        backend.attentionBackward(dQkv, dOut, out, logSumExp, qkv, spec);
    }

    private static double milliseconds(Runnable run) {
        long start = System.nanoTime();
        run.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private Tensor random(Scope scope, int... shape) {
        Tensor tensor = scope.allocate(DType.FLOAT32, Shape.of(shape));
        float[] values = new float[Math.toIntExact(tensor.shape().size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Randomness.normal(1, i);
        }
        backend.upload(tensor, values);
        return tensor;
    }

    private static void print(List<Row> rows) {
        System.out.println(
                "| attention | visible pairs | dense's | forward ms | dense's | backward ms | dense's"
                        + " | forward scratch KiB | dense's | backward scratch KiB | dense's |");
        System.out.println("| --- |" + " ---: |".repeat(10));
        Row dense = rows.getFirst();
        for (Row row : rows) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,d | %s | %.1f | %s | %.1f | %s | %,d | %s | %,d | %s |%n",
                    row.name,
                    row.spec.layout().visible(),
                    share(row.spec.layout().visible(), dense.spec.layout().visible()),
                    median(row.forward),
                    share(median(row.forward), median(dense.forward)),
                    median(row.backward),
                    share(median(row.backward), median(dense.backward)),
                    row.forwardBytes / 1024,
                    share(row.forwardBytes, dense.forwardBytes),
                    row.backwardBytes / 1024,
                    share(row.backwardBytes, dense.backwardBytes));
        }
    }

    /** As a fraction, 1 over something. */
    private static String share(double part, double whole) {
        return String.format(Locale.ROOT, "1/%.1f", whole / part);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
