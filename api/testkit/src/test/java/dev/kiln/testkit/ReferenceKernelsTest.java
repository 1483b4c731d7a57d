package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.attention.Sparse;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The oracle itself, against PyTorch in double precision. */
class ReferenceKernelsTest {
    private final Fixtures torch = new Fixtures();

    @AfterEach
    void close() {
        torch.close();
    }

    @ParameterizedTest
    @EnumSource
    void activationIsPyTorchs(ActivationFunction function) {
        String name = "activation." + function.name().toLowerCase(Locale.ROOT);
        Tensor x = torch.tensor(name + ".x", 10);
        Tensor out = torch.fresh(10);
        torch.backend.activation(out, x, function);
        torch.same(name + ".out", out);
        torch.backend.activationBackward(out, torch.tensor(name + ".dOut", 10), x, function);
        torch.same(name + ".dX", out);
    }

    @Test
    void matmulIsPyTorchs() {
        for (boolean transposeA : new boolean[] {false, true}) {
            for (boolean transposeB : new boolean[] {false, true}) {
                Tensor a =
                        transposeA
                                ? torch.tensor("matmul.aT", 4, 3)
                                : torch.tensor("matmul.a", 3, 4);
                Tensor b =
                        transposeB
                                ? torch.tensor("matmul.bT", 5, 4)
                                : torch.tensor("matmul.b", 4, 5);
                Tensor out = torch.tensor("matmul.before", 3, 5);
                torch.backend.matmul(out, a, transposeA, b, transposeB, -1.25, 0.75);
                torch.same("matmul.out", out);
            }
        }
    }

    @Test
    void layerNormIsPyTorchs() {
        Tensor x = torch.tensor("layerNorm.x", 3, 5);
        Weight gain = torch.weight("layerNorm.gain", 5);
        Weight bias = torch.weight("layerNorm.bias", 5);
        Tensor out = torch.fresh(3, 5);
        Tensor statistics = torch.fresh(2, 3);
        torch.backend.layerNorm(out, statistics, x, gain, bias, 1e-5);
        torch.same("layerNorm.out", out);
        torch.same("layerNorm.statistics", statistics);
        Tensor above = torch.tensor("layerNorm.dOut", 3, 5);
        torch.backend.layerNormBackward(out, above, x, statistics, gain, bias);
        torch.same("layerNorm.dX", out);
        torch.same("layerNorm.dGain", gain.gradient());
        torch.same("layerNorm.dBias", bias.gradient());
    }

    @Test
    void causalAttentionIsPyTorchs() {
        attention("causal", new Causal(5, 5));
    }

    @Test
    void bandedAttentionIsPyTorchs() {
        attention("banded", new Banded(5, 5, 3));
    }

    @Test
    void sparseAttentionIsPyTorchs() {
        int[] rowStart = {0, 1, 2, 4, 6, 9};
        int[] bounds = {0, 1, 1, 2, 0, 1, 2, 3, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5};
        attention("sparse", new Sparse(5, 5, rowStart, bounds));
    }

    private void attention(String name, AttentionLayout layout) {
        AttentionSpec spec = new AttentionSpec(2, layout, 0.7, Dropout.NONE);
        Tensor qkv = torch.tensor(name + ".qkv", 2, 5, 18);
        Tensor out = torch.fresh(2, 5, 6);
        Tensor logSumExp = torch.fresh(2, 2, 5);
        torch.backend.attention(out, logSumExp, qkv, spec);
        torch.same(name + ".out", out);
        torch.same(name + ".logSumExp", logSumExp);
        Tensor below = torch.fresh(2, 5, 18);
        Tensor above = torch.tensor(name + ".dOut", 2, 5, 6);
        torch.backend.attentionBackward(below, above, out, logSumExp, qkv, spec);
        torch.same(name + ".dQkv", below);
    }

    @Test
    void crossEntropyIsPyTorchs() {
        Tensor losses = torch.fresh(4);
        Tensor below = torch.fresh(4, 7);
        Tensor logits = torch.tensor("crossEntropy.logits", 4, 7);
        torch.backend.crossEntropy(losses, below, logits, targets(), weights());
        torch.same("crossEntropy.losses", losses);
        torch.same("crossEntropy.dLogits", below);
    }

    @Test
    void projectedCrossEntropyIsPyTorchs() {
        Tensor hidden = torch.tensor("projected.hidden", 4, 3);
        Weight table = torch.weight("projected.table", 7, 3);
        Tensor losses = torch.fresh(4);
        torch.backend.projectedCrossEntropy(losses, hidden, table, targets(), weights());
        torch.same("projected.losses", losses);
        Tensor again = torch.fresh(4);
        Tensor below = torch.fresh(4, 3);
        torch.backend.projectedCrossEntropyBackward(
                again, below, hidden, table, targets(), weights());
        torch.same("projected.losses", again);
        torch.same("projected.dHidden", below);
        torch.same("projected.dTable", table.gradient());
    }

    private Tensor targets() {
        return torch.ids(6, 0, 3, 3);
    }

    private Tensor weights() {
        return torch.floats(1, 0, 0.5, 2);
    }

    @Test
    void scatterAddIsPyTorchs() {
        Tensor sum = torch.tensor("scatterAdd.before", 4, 3);
        torch.backend.scatterAdd(sum, torch.tensor("scatterAdd.x", 5, 3), torch.ids(2, 0, 2, 3, 2));
        torch.same("scatterAdd.out", sum);
    }

    @Test
    void adamWIsPyTorchs() {
        Weight weight = torch.weight("adamW.before", 6);
        List<Tensor> first = List.of(torch.floats(new double[6]));
        List<Tensor> second = List.of(torch.floats(new double[6]));
        double[] gradients = torch.numbers("adamW.gradients");
        for (int step = 1; step <= 4; step++) {
            double[] gradient = Arrays.copyOfRange(gradients, 6 * (step - 1), 6 * step);
            torch.backend.set(weight.gradient(), gradient);
            AdamWStep numbers = new AdamWStep(step, 0.05, 0.9, 0.95, 1e-3, 0.1, 0.5);
            torch.backend.adamW(List.of(weight), first, second, numbers);
        }
        torch.same("adamW.after", weight.value());
        torch.same("adamW.firstMoment", first.getFirst());
        torch.same("adamW.secondMoment", second.getFirst());
    }

    @Test
    void bfloat16IsPyTorchs() {
        Tensor narrow = torch.scope().allocate(DType.BFLOAT16, Shape.of(24));
        torch.backend.cast(narrow, torch.tensor("bfloat16.x", 24));
        torch.same("bfloat16.out", narrow);
    }

    /** By hand: with scores 0 and ln 3, and values 1 and 5, the weights are 1/4 and 3/4. */
    @Test
    void cachedAttentionIsThatOfTheHand() {
        var cache = torch.backend.kvCache(torch.scope(), DType.FLOAT32, 1, 1, 2, 1);
        Tensor out = torch.fresh(1, 1, 1);
        step(out, cache, 1, 0, 1, 0);
        assertEquals(1, torch.backend.values(out)[0], 1e-15);
        step(out, cache, Math.log(3), 1, 5, 1);
        assertEquals(0.25 * 1 + 0.75 * 5, torch.backend.values(out)[0], 1e-15);
    }

    private void step(Tensor out, KvCache cache, double query, double key, double value, int at) {
        Tensor qkv = torch.fresh(1, 1, 3);
        torch.backend.set(qkv, query, key, value);
        AttentionLayout[] layouts = {new Causal(1, at + 1)};
        torch.backend.cachedAttention(out, qkv, cache, 0, layouts, 1, 1);
        cache.setLength(0, at + 1);
    }
}
