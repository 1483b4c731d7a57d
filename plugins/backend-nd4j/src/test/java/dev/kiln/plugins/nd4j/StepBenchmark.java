package dev.kiln.plugins.nd4j;

import com.sun.management.ThreadMXBean;
import dev.kiln.spi.Randomness;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What one training step of the quickstart's model spends on each kernel: 6 layers, width 256, 8
 * heads, vocabulary 4,096, 32 sequences of 128. Prints the milliseconds a step of the fastest of
 * some runs, the largest first. Arguments, all optional: layers width heads length sequences
 * vocabulary.
 */
final class StepBenchmark {
    private static final ThreadMXBean THREADS =
            ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private static final int ROUNDS = 40;
    private static final long WARM_UP_NANOS = 400_000_000;

    private final int layers;
    private final int width;
    private final int heads;
    private final int length;
    private final int sequences;
    private final int vocabulary;
    private final Backend backend;
    private final Scope scope;
    private final List<Row> rows = new ArrayList<>();

    /** A kernel, its milliseconds a step, and what a call leaves on the heap. */
    private record Row(String kernel, double milliseconds, double gigaflops, long heapBytes) {}

    private StepBenchmark(Backend backend, int[] sizes) {
        this.backend = backend;
        scope = backend.scope();
        layers = sizes[0];
        width = sizes[1];
        heads = sizes[2];
        length = sizes[3];
        sequences = sizes[4];
        vocabulary = sizes[5];
    }

    public static void main(String[] arguments) {
        int[] sizes = {6, 256, 8, 128, 32, 4096};
        for (int i = 0; i < arguments.length; i++) {
            sizes[i] = Integer.parseInt(arguments[i]);
        }
        try (Backend backend = Nd4jBackend.open(Runtime.getRuntime().availableProcessors())) {
            StepBenchmark benchmark = new StepBenchmark(backend, sizes);
            benchmark.products();
            benchmark.rows();
            benchmark.attention();
            benchmark.ends();
            benchmark.print();
        }
    }

    private int tokens() {
        return sequences * length;
    }

    private Tensor random(int... shape) {
        Tensor tensor = scope.allocate(DType.FLOAT32, Shape.of(shape));
        float[] values = new float[Math.toIntExact(tensor.shape().size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Randomness.normal(1, i);
        }
        backend.upload(tensor, values);
        return tensor;
    }

    private Weight weight(int... shape) {
        Weight weight = backend.weight(scope, "w", Shape.of(shape), true);
        backend.scale(weight.value(), random(shape), 0.02);
        return weight;
    }

    private Tensor ids(int bound) {
        Tensor ids = scope.allocate(DType.INT32, Shape.of(sequences, length));
        backend.upload(
                ids,
                IntStream.range(0, tokens())
                        .map(i -> (int) Randomness.below(2, i, bound))
                        .toArray());
        return ids;
    }

    private void products() {
        product("c_attn", width, 3 * width);
        product("attn.c_proj", width, width);
        product("c_fc", width, 4 * width);
        product("mlp.c_proj", 4 * width, width);
    }

    private void product(String name, int in, int out) {
        Tensor x = random(tokens(), in);
        Tensor y = random(tokens(), out);
        Weight weight = weight(in, out);
        Weight bias = weight(out);
        double flops = 2.0 * tokens() * in * out;
        measure(name + " linear", layers, flops, () -> backend.linear(y, x, weight, bias));
        measure(name + " dX", layers, flops, () -> backend.linearBackwardInput(x, y, weight));
        measure(name + " dW", layers, flops, () -> backend.linearBackwardWeight(weight, x, y));
        measure(name + " dBias", layers, 0, () -> backend.addRowSum(bias.gradient(), y));
        scope.release(x);
        scope.release(y);
    }

    private void rows() {
        Tensor x = random(tokens(), width);
        Tensor y = random(tokens(), width);
        Tensor wide = random(tokens(), 4 * width);
        Tensor wider = random(tokens(), 4 * width);
        Tensor statistics = random(2, tokens());
        Weight gain = weight(width);
        Weight bias = weight(width);
        int norms = 2 * layers + 1;
        measure(
                "gelu",
                layers,
                0,
                () -> backend.activation(wider, wide, ActivationFunction.GELU_TANH));
        measure(
                "gelu backward",
                layers,
                0,
                () -> backend.activationBackward(wider, wide, wide, ActivationFunction.GELU_TANH));
        measure(
                "layer norm",
                norms,
                0,
                () -> backend.layerNorm(y, statistics, x, gain, bias, 1e-5));
        measure(
                "layer norm backward",
                norms,
                0,
                () -> backend.layerNormBackward(y, x, x, statistics, gain, bias));
        measure("add", 4 * layers, 0, () -> backend.add(y, x, y));
        measure(
                "dropout 0.1",
                2 * (2 * layers + 1),
                0,
                () -> backend.dropout(y, x, new Dropout(0.1, 7)));
        List.of(x, y, wide, wider, statistics).forEach(scope::release);
    }

    private void attention() {
        Tensor qkv = random(sequences, length, 3 * width);
        Tensor dQkv = random(sequences, length, 3 * width);
        Tensor out = random(sequences, length, width);
        Tensor lse = random(sequences, heads, length);
        double scale = 1 / Math.sqrt((double) width / heads);
        Causal causal = new Causal(length, length);
        AttentionSpec plain = new AttentionSpec(heads, causal, scale, Dropout.NONE);
        AttentionSpec dropping = new AttentionSpec(heads, causal, scale, new Dropout(0.1, 3));
        double flops = 2.0 * sequences * length * (length + 1) * width;
        measure("attention", layers, flops, () -> backend.attention(out, lse, qkv, plain));
        measure(
                "attention backward",
                layers,
                2.5 * flops,
                () -> backend.attentionBackward(dQkv, out, out, lse, qkv, plain));
        measure(
                "(attention, dropout 0.1)",
                layers,
                flops,
                () -> backend.attention(out, lse, qkv, dropping));
        measure(
                "(attention backward, dropout 0.1)",
                layers,
                2.5 * flops,
                () -> backend.attentionBackward(dQkv, out, out, lse, qkv, dropping));
        List.of(qkv, dQkv, out, lse).forEach(scope::release);
    }

    private void ends() {
        Tensor hidden = random(tokens(), width);
        Tensor dHidden = random(tokens(), width);
        Tensor losses = random(tokens());
        Tensor weights = random(tokens());
        Weight table = weight(vocabulary, width);
        Tensor targets = ids(vocabulary);
        measure(
                "projected cross-entropy backward",
                1,
                6.0 * tokens() * width * vocabulary,
                () ->
                        backend.projectedCrossEntropyBackward(
                                losses, dHidden, hidden, table, targets, weights));
        measure(
                "(projected cross-entropy)",
                1,
                2.0 * tokens() * width * vocabulary,
                () -> backend.projectedCrossEntropy(losses, hidden, table, targets, weights));
        measure("embedding", 2, 0, () -> backend.embedding(hidden, table, targets));
        measure(
                "embedding backward",
                2,
                0,
                () -> backend.scatterAdd(table.gradient(), hidden, targets));
        Weight all = weight(12 * layers + vocabulary / width, width, width);
        Tensor first = random(all.shape().toArray());
        Tensor second = random(all.shape().toArray());
        backend.multiply(second, second, second);
        measure(
                "AdamW",
                1,
                0,
                () ->
                        backend.adamW(
                                List.of(all),
                                List.of(first),
                                List.of(second),
                                new AdamWStep(3, 1e-9, 0.9, 0.95, 1e-8, 0.1, 1)));
        measure("gradient norm", 1, 0, () -> backend.squaredNorm(List.of(all.gradient())));
        measure("zero gradients", 1, 0, () -> backend.fill(all.gradient(), 0));
    }

    private void measure(String kernel, int times, double flops, Runnable run) {
        long warm = System.nanoTime() + WARM_UP_NANOS;
        while (System.nanoTime() < warm) {
            run.run();
        }
        double seconds = Double.MAX_VALUE;
        long heap = THREADS.getTotalThreadAllocatedBytes();
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            run.run();
            seconds = Math.min(seconds, (System.nanoTime() - start) / 1e9);
        }
        heap = (THREADS.getTotalThreadAllocatedBytes() - heap) / ROUNDS;
        rows.add(new Row(kernel, 1e3 * times * seconds, flops / 1e9 / seconds, heap));
    }

    private void print() {
        double sum =
                rows.stream()
                        .filter(row -> !row.kernel().startsWith("("))
                        .mapToDouble(Row::milliseconds)
                        .sum();
        System.out.printf(Locale.ROOT, "%s%n", backend.capabilities());
        rows.stream()
                .sorted(Comparator.comparingDouble(Row::milliseconds).reversed())
                .forEach(
                        row ->
                                System.out.printf(
                                        Locale.ROOT,
                                        "%8.2f ms %6.0f GFLOP/s %8d B  %s%n",
                                        row.milliseconds(),
                                        row.gigaflops(),
                                        row.heapBytes(),
                                        row.kernel()));
        System.out.printf(
                Locale.ROOT, "%8.2f ms a step, %.0f tokens/s%n", sum, 1e3 * tokens() / sum);
    }
}
