package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Init;
import dev.kiln.spi.model.NormPlacement;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every normalization placement keeps. Subclass it in a plugin's tests. A failure names the
 * broken clause.
 */
@Experimental
public abstract class NormPlacementContract implements FactoryClauses {

    /** The placement to try. */
    protected abstract NormPlacement placement();

    @Test
    void theShapeIsKept() {
        try (Workbench bench = new Workbench()) {
            Tensor x = bench.normal("x", 2, 3, 5);
            Tensor out = apply(bench, x, UnaryOperator.identity(), y -> bench.ops().scale(y, 2));
            assertEquals(x.shape(), out.shape(), "broken clause: [B, T, C] to [B, T, C]");
        }
    }

    @Test
    void aSublayerOfZerosWithNormsThatDoNothingGivesX() {
        try (Workbench bench = new Workbench()) {
            Tensor x = bench.normal("x", 2, 3, 5);
            Tensor out = apply(bench, x, UnaryOperator.identity(), y -> bench.filled(0, 2, 3, 5));
            assertArrayEquals(
                    bench.values(x),
                    bench.values(out),
                    1e-12,
                    "broken clause: the residual carries x past a sublayer that gives zeros");
        }
    }

    @Test
    void eachNormAndTheSublayerAreCalledOnce() {
        try (Workbench bench = new Workbench()) {
            int count = placement().normsPerSublayer();
            assertTrue(count >= 0, "broken clause: 0 or more norms a sublayer, got " + count);
            int[] calls = new int[count + 1];
            List<UnaryOperator<Tensor>> counted =
                    IntStream.rangeClosed(0, count)
                            .<UnaryOperator<Tensor>>mapToObj(
                                    i ->
                                            x -> {
                                                calls[i]++;
                                                return bench.ops().scale(x, 1.5);
                                            })
                            .toList();
            Tensor x = bench.normal("x", 1, 2, 3);
            placement().apply(bench.ops(), x, counted.subList(0, count), counted.getLast());
            int[] once = new int[count + 1];
            Arrays.fill(once, 1);
            assertArrayEquals(
                    once, calls, "broken clause: each norm, then the sublayer, is called once");
        }
    }

    @Test
    void positionsStayApart() {
        try (Workbench bench = new Workbench()) {
            double[] first = positions(bench, bench.normal("x", 1, 3, 4));
            Tensor changed = bench.normal("x", 1, 3, 4);
            double[] values = bench.values(changed);
            values[11] += 1;
            bench.backend().set(changed, values);
            double[] second = positions(bench, changed);
            assertArrayEquals(
                    Arrays.copyOf(first, 8),
                    Arrays.copyOf(second, 8),
                    "broken clause: a position's result follows from that position alone");
        }
    }

    @Test
    void theInputIsLeftAsItIs() {
        try (Workbench bench = new Workbench()) {
            Tensor x = bench.normal("x", 1, 3, 4);
            double[] before = bench.values(x);
            double[] first = positions(bench, x);
            assertArrayEquals(before, bench.values(x), "broken clause: x is not written to");
            assertArrayEquals(first, positions(bench, x), "broken clause: immutable");
        }
    }

    @Test
    void gradientsReachXAndEveryWeight() {
        try (Workbench bench = new Workbench()) {
            ReferenceWeights weights = bench.weights();
            Weight product = weights.create("sublayer", Shape.of(4, 4), new Init.Normal(0.5));
            List<Affine> norms =
                    IntStream.range(0, placement().normsPerSublayer())
                            .mapToObj(i -> new Affine(weights.in("norm" + i)))
                            .toList();
            Tensor x = bench.normal("x", 1, 3, 4);
            Tensor targets = bench.ids(new int[] {0, 3, 1}, 3);
            Tensor ones = bench.filled(1, 3);
            GradientCheck check =
                    new GradientCheck(
                            bench,
                            ops -> {
                                Tensor out =
                                        placement()
                                                .apply(
                                                        ops,
                                                        x,
                                                        norms.stream().map(n -> n.on(ops)).toList(),
                                                        y -> ops.linear(y, product));
                                Tensor rows = ops.reshape(out, Shape.of(3, 4));
                                return ops.crossEntropy(rows, targets, ones);
                            });
            check.ofInput("x", x);
            check.ofWeights(weights.created());
        }
    }

    /** A layer normalization with its weights. */
    private record Affine(Weight gain, Weight bias) {
        Affine(Weights weights) {
            this(
                    weights.create("gain", Shape.of(4), new Init.Normal(1)),
                    weights.create("bias", Shape.of(4), new Init.Normal(1)));
        }

        UnaryOperator<Tensor> on(Ops ops) {
            return x -> ops.layerNorm(x, gain, bias, 1e-5);
        }
    }

    private double[] positions(Workbench bench, Tensor x) {
        UnaryOperator<Tensor> norm = y -> bench.ops().scale(y, 0.5);
        return bench.values(apply(bench, x, norm, y -> bench.ops().multiply(y, y)));
    }

    private Tensor apply(
            Workbench bench, Tensor x, UnaryOperator<Tensor> norm, UnaryOperator<Tensor> sublayer) {
        List<UnaryOperator<Tensor>> norms =
                IntStream.range(0, placement().normsPerSublayer()).mapToObj(i -> norm).toList();
        return placement().apply(bench.ops(), x, norms, sublayer);
    }
}
