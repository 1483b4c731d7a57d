package dev.kiln.testkit;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention over every kind of layout, forward and backward. */
interface AttentionClauses extends Clauses {
    String SIZES = "dev.kiln.testkit.Sizes#attention";

    @ParameterizedTest
    @MethodSource(SIZES)
    default void attentionSeesTheKeysOfItsLayout(int batch, int length, int heads, int size) {
        for (AttentionLayout layout : Layouts.of(length)) {
            AttentionSpec spec =
                    new AttentionSpec(heads, layout, 1 / Math.sqrt(size), Dropout.NONE);
            bench().check(
                            "attention over a layout, " + Layouts.name(layout),
                            kit -> {
                                bothWays(kit, spec, batch, heads * size);
                            });
        }
    }

    @ParameterizedTest
    @MethodSource(SIZES)
    default void attentionDropsWeightsByTheirPlace(int batch, int length, int heads, int size) {
        for (AttentionLayout layout : Layouts.of(length)) {
            AttentionSpec spec =
                    new AttentionSpec(heads, layout, 1 / Math.sqrt(size), new Dropout(0.3, 5));
            bench().check(
                            "attention's dropout, " + Layouts.name(layout),
                            kit -> {
                                bothWays(kit, spec, batch, heads * size);
                            });
        }
    }

    private static void bothWays(Kit kit, AttentionSpec spec, int batch, int width) {
        int length = spec.layout().keys();
        Tensor qkv = kit.normal("qkv", batch, length, 3 * width);
        Tensor out = kit.fresh(batch, length, width);
        Tensor logSumExp = kit.fresh(batch, spec.heads(), length);
        kit.backend().attention(out, logSumExp, qkv, spec);
        kit.show("out", out, length, 4);
        kit.show("logSumExp", logSumExp, length, 4);
        Tensor above = kit.normal("dOut", batch, length, width);
        Tensor below = kit.fresh(batch, length, 3 * width);
        kit.backend().attentionBackward(below, above, out, logSumExp, qkv, spec);
        kit.show("dQkv", below, length, 16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"banded", "strided", "stridedSummary", "fixed", "fixedSummary"})
    default void sparseAttentionIsPyTorchsWithAMask(String name) {
        TorchAttention.named(name).check(bench().backend());
    }

    @Test
    default void attentionOfLargeScoresNeitherOverflowsNorIsNaN() {
        bench().check(
                        "attention of scores up to 10000 stays finite",
                        kit -> {
                            Backend backend = kit.backend();
                            int length = 33;
                            AttentionSpec spec =
                                    new AttentionSpec(
                                            2, new Causal(length, length), 1, Dropout.NONE);
                            Tensor qkv = kit.normal("qkv", 1, length, 3 * 16);
                            backend.scale(qkv, qkv, 32); // scores of 8 products around 1000
                            Tensor out = kit.fresh(1, length, 16);
                            Tensor logSumExp = kit.fresh(1, 2, length);
                            backend.attention(out, logSumExp, qkv, spec);
                            kit.show("out", out, length, 1e4);
                            kit.show("logSumExp", logSumExp, length, 1e4);
                            Tensor below = kit.fresh(1, length, 3 * 16);
                            Tensor above = kit.normal("dOut", 1, length, 16);
                            backend.attentionBackward(below, above, out, logSumExp, qkv, spec);
                            kit.show("dQkv", below, length, 1e6);
                        });
    }
}
