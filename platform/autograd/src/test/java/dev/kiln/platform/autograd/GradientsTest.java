package dev.kiln.platform.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.attention.Sparse;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Attention;
import dev.kiln.spi.model.Ops;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every gradient against central differences in double precision. */
class GradientsTest {
    private final Objective objective = new Objective();

    @AfterEach
    void close() {
        objective.close();
    }

    /** Checks an operation on x[2, 3, 4] whose result has the given number of columns. */
    private void check(int columns, BiFunction<Ops, Tensor, Tensor> operation) {
        Weight x = objective.weight(6, 4);
        Weight table = objective.frozen(5, columns);
        objective.checkGradients(
                ops ->
                        objective.score(
                                ops, operation.apply(ops, objective.leaf(ops, x, 2, 3)), table));
    }

    @Test
    void embeddingWithRepeatedIds() {
        Weight table = objective.weight(3, 4);
        Weight classes = objective.frozen(5, 4);
        Tensor ids = objective.ids(new int[] {2, 0, 2, 2, 0, 1}, 2, 3);
        objective.checkGradients(ops -> objective.score(ops, ops.embedding(table, ids), classes));
    }

    @Test
    void linearWithoutBias() {
        Weight weight = objective.weight(4, 7);
        check(7, (ops, x) -> ops.linear(x, weight));
    }

    @Test
    void linearWithBias() {
        Weight weight = objective.weight(4, 7);
        Weight bias = objective.weight(7);
        check(7, (ops, x) -> ops.linear(x, weight, bias));
    }

    @ParameterizedTest
    @EnumSource
    void linearActivation(ActivationFunction function) {
        Weight weight = objective.weight(4, 7);
        Weight bias = objective.weight(7);
        check(7, (ops, x) -> ops.linearActivation(x, weight, bias, function));
    }

    @ParameterizedTest
    @EnumSource
    void activation(ActivationFunction function) {
        check(4, (ops, x) -> ops.activation(x, function));
    }

    @Test
    void reshape() {
        check(8, (ops, x) -> ops.reshape(x, Shape.of(3, 8)));
    }

    @Test
    void sumsOfRows() {
        check(4, (ops, x) -> ops.sumRows(x, 3));
    }

    @Test
    void layerNorm() {
        Weight gain = objective.weight(4);
        Weight bias = objective.weight(4);
        check(4, (ops, x) -> ops.layerNorm(x, gain, bias, 1e-5));
    }

    @Test
    void addOfTwoBranchesThatShareTheirInput() {
        check(4, (ops, x) -> ops.add(x, ops.activation(x, ActivationFunction.GELU_TANH)));
    }

    @Test
    void addOfATensorToItself() {
        check(4, (ops, x) -> ops.add(x, x));
    }

    @Test
    void sumsOfSumsDoNotOverwriteSharedGradients() {
        check(
                4,
                (ops, x) -> {
                    Tensor y = ops.add(ops.scale(x, 0.5), x);
                    return ops.add(
                            ops.add(y, ops.activation(y, ActivationFunction.GELU_TANH)),
                            ops.add(x, y));
                });
    }

    @Test
    void multiply() {
        check(4, (ops, x) -> ops.multiply(x, ops.scale(x, 1.5)));
    }

    @Test
    void scale() {
        check(4, (ops, x) -> ops.scale(x, -2.5));
    }

    @Test
    void dropout() {
        check(4, (ops, x) -> ops.dropout(ops.scale(ops.dropout(x, 0.3), 2), 0.4));
    }

    @Test
    void dropoutOfAWeight() {
        Weight weight = objective.weight(4, 7);
        check(7, (ops, x) -> ops.linear(x, ops.dropout(weight, 0.3)));
    }

    @Test
    void dropoutOfATableThatIsTiedSharesItsMask() {
        Weight table = objective.weight(5, 4);
        Tensor ids = objective.ids(new int[] {4, 0, 4, 2, 1, 3}, 2, 3);
        objective.checkGradients(
                ops -> {
                    Tensor x = ops.embedding(ops.dropout(table, 0.3), ids);
                    return objective.score(ops, x, ops.dropout(table, 0.3));
                });
    }

    @Test
    void aWeightThatIsUsedWithAndWithoutDropout() {
        Weight table = objective.weight(5, 4);
        Tensor ids = objective.ids(new int[] {4, 0, 4, 2, 1, 3}, 2, 3);
        objective.checkGradients(
                ops -> objective.score(ops, ops.embedding(ops.dropout(table, 0.3), ids), table));
    }

    @Test
    void gatherWithRepeatedRows() {
        Tensor rows = objective.ids(new int[] {5, 1, 5, 0}, 4);
        check(4, (ops, x) -> ops.gather(x, rows));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3})
    void attentionOverACausalLayout(double dropout) {
        checkAttention((layer, queries, keys) -> new Causal(queries, keys), dropout);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3})
    void attentionOverABand(double dropout) {
        checkAttention((layer, queries, keys) -> new Banded(queries, keys, 2), dropout);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3})
    void attentionOverSpansWithHoles(double dropout) {
        int[] starts = {0, 1, 2, 4, 6, 8};
        int[] bounds = {0, 1, 0, 2, 0, 1, 2, 3, 1, 2, 3, 4, 0, 2, 4, 5};
        checkAttention(
                (layer, queries, keys) -> new Sparse(queries, keys, starts, bounds), dropout);
    }

    private void checkAttention(AttentionPattern pattern, double dropout) {
        Weight x = objective.weight(10, 18); // (B=2, T=5, 3C=18), 2 heads of 3
        Weight table = objective.frozen(5, 6);
        Attention attention = new Attention(0, 2, pattern, 0.6, dropout);
        objective.checkGradients(
                ops ->
                        objective.score(
                                ops,
                                ops.attention(objective.leaf(ops, x, 2, 5), attention),
                                table));
    }

    @Test
    void projectedCrossEntropyOnATrainableTable() {
        Weight x = objective.weight(6, 4);
        Weight table = objective.weight(5, 4);
        objective.checkGradients(ops -> objective.score(ops, objective.leaf(ops, x, 2, 3), table));
    }

    @Test
    void crossEntropyWithAMaskedRow() {
        Weight x = objective.weight(3, 5);
        Tensor targets = objective.ids(new int[] {4, 0, 2}, 3);
        Tensor weights = objective.floats(0.5, 0, 2);
        objective.checkGradients(
                ops -> ops.crossEntropy(objective.leaf(ops, x, 3), targets, weights));
    }

    @Test
    void severalLossesAddUp() {
        Weight x = objective.weight(6, 4);
        Weight table = objective.weight(5, 4);
        objective.checkGradients(
                ops -> {
                    Tensor leaf = objective.leaf(ops, x, 2, 3);
                    Tensor first = objective.score(ops, leaf, table);
                    return ops.add(
                            first,
                            objective.score(
                                    ops, ops.activation(leaf, ActivationFunction.GELU_ERF), table));
                });
    }

    @Test
    void aFrozenWeightGetsNoGradientAndStopsTheFlow() {
        Weight frozen = objective.frozen(4, 4);
        Weight head = objective.weight(5, 4);
        Weight below = objective.frozen(6, 4);
        try (Scope step = objective.backend.scope()) {
            Tape tape = new Tape(objective.backend, step, Precision.FLOAT32, new Layouts(), 1);
            Tensor x = ops(tape, below, frozen);
            objective.score(tape, x, head);
            tape.backward();
            assertEquals(6, x.shape().rows(), "not on the tape, so not released by it");
            assertEquals(24, objective.backend.values(x).length);
        }
        double[] none = new double[20];
        org.junit.jupiter.api.Assertions.assertFalse(
                java.util.Arrays.equals(none, objective.backend.values(head.gradient())));
    }

    private Tensor ops(Tape tape, Weight below, Weight frozen) {
        return tape.linear(objective.leaf(tape, below, 6), frozen);
    }

    @Test
    void gradientsAccumulateOverPasses() {
        Weight x = objective.weight(6, 4);
        Weight table = objective.frozen(5, 4);
        double[] once = gradientAfter(1, x, table);
        double[] twice = gradientAfter(2, x, table);
        for (int i = 0; i < once.length; i++) {
            once[i] *= 2;
        }
        assertArrayEquals(once, twice, 1e-12);
    }

    private double[] gradientAfter(int passes, Weight x, Weight table) {
        objective.backend.fill(x.gradient(), 0);
        for (int pass = 0; pass < passes; pass++) {
            try (Scope step = objective.backend.scope()) {
                Tape tape = new Tape(objective.backend, step, Precision.FLOAT32, new Layouts(), 1);
                objective.score(tape, objective.leaf(tape, x, 6), table);
                tape.backward();
            }
        }
        return objective.backend.values(x.gradient());
    }
}
