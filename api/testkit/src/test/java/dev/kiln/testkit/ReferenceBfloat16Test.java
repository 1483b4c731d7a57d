package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The oracle's bfloat16 against PyTorch's. PyTorch sums in float32, so beside a tie a result may be
 * the neighbour; its weights' gradients under autocast are rounded to bfloat16, as Kiln's are not;
 * and inside attention it rounds what it multiplies.
 */
class ReferenceBfloat16Test {
    private final Fixtures torch = new Fixtures();

    @AfterEach
    void close() {
        torch.close();
    }

    private Tensor narrow(String name, int... shape) {
        Tensor tensor = fresh(shape);
        torch.backend.set(tensor, torch.numbers(name));
        return tensor;
    }

    private Tensor fresh(int... shape) {
        return torch.scope().allocate(DType.BFLOAT16, Shape.of(shape));
    }

    /** Within so many units of the last place, or of what is 2⁻⁸ of the magnitude of its terms. */
    private void near(String name, Tensor actual, double units, double magnitude) {
        double[] expected = torch.numbers(name);
        double[] values = torch.backend.values(actual);
        assertEquals(expected.length, values.length);
        for (int i = 0; i < values.length; i++) {
            double tolerance = units * Bfloat16.ulp(expected[i]) + 0x1p-8 * magnitude;
            assertEquals(expected[i], values[i], tolerance, name + " " + i);
        }
    }

    @Test
    void linearIsPyTorchs() {
        Weight weight = torch.weight("mixed.linear.weight", 64, 9);
        Tensor x = narrow("mixed.linear.x", 5, 64);
        Tensor out = fresh(5, 9);
        torch.backend.linear(out, x, weight);
        near("mixed.linear.out", out, 1, 0);
        Tensor above = narrow("mixed.linear.dOut", 5, 9);
        Tensor below = fresh(5, 64);
        torch.backend.linearBackwardInput(below, above, weight);
        near("mixed.linear.dX", below, 1, 0);
        torch.backend.linearBackwardWeight(weight, x, above);
        near("mixed.linear.dWeight", weight.gradient(), 1, 0);
    }

    @Test
    void layerNormIsPyTorchs() {
        Weight gain = torch.weight("mixed.layerNorm.gain", 24);
        Weight bias = torch.weight("mixed.layerNorm.bias", 24);
        Tensor x = narrow("mixed.layerNorm.x", 5, 24);
        Tensor out = fresh(5, 24);
        Tensor statistics = torch.fresh(2, 5);
        torch.backend.layerNorm(out, statistics, x, gain, bias, 1e-5);
        near("mixed.layerNorm.out", out, 1, 0);
        Tensor above = narrow("mixed.layerNorm.dOut", 5, 24);
        torch.backend.layerNormBackward(above, above, x, statistics, gain, bias);
        near("mixed.layerNorm.dX", above, 1, 0);
        near("mixed.layerNorm.dGain", gain.gradient(), 0, 1e-4);
        near("mixed.layerNorm.dBias", bias.gradient(), 0, 1e-4);
    }

    @Test
    void attentionIsPyTorchs() {
        AttentionSpec spec = new AttentionSpec(2, new Causal(9, 9), 0.35, Dropout.NONE);
        Tensor qkv = narrow("mixed.attention.qkv", 2, 9, 48);
        Tensor out = fresh(2, 9, 16);
        Tensor logSumExp = torch.fresh(2, 2, 9);
        torch.backend.attention(out, logSumExp, qkv, spec);
        near("mixed.attention.out", out, 1, 1);
        Tensor below = fresh(2, 9, 48);
        Tensor above = narrow("mixed.attention.dOut", 2, 9, 16);
        torch.backend.attentionBackward(below, above, out, logSumExp, qkv, spec);
        near("mixed.attention.dQkv", below, 1, 4);
    }

    /** By hand: 1 + 2⁻⁸ + 2⁻⁴⁰ is just above a tie; as a float it would be the tie, and go down. */
    @Test
    void aDoubleBesideATieIsRoundedOnce() {
        assertEquals(1 + 0x1p-7, Bfloat16.nearest(1 + 0x1p-8 + 0x1p-40));
        assertEquals(1, Bfloat16.nearest(1 + 0x1p-8 - 0x1p-40));
        assertEquals(1, Bfloat16.nearest(1 + 0x1p-8));
        assertEquals(Double.POSITIVE_INFINITY, Bfloat16.nearest(1e300));
        assertEquals(-0x1p-133, Bfloat16.nearest(-0x1.8p-134));
    }
}
