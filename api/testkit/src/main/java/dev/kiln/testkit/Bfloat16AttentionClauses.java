package dev.kiln.testkit;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mixed precision in attention and in the projected loss. Probabilities, and gradients on their way
 * into a product, may be rounded there, so results may be off by as much; what is FLOAT32 by
 * contract and needs no such product may not.
 */
interface Bfloat16AttentionClauses extends Clauses {

    @ParameterizedTest
    @MethodSource("dev.kiln.testkit.Sizes#fewAttention")
    default void bfloat16AttentionSeesTheKeysOfItsLayout(
            int batch, int length, int heads, int size) {
        for (AttentionLayout layout : Layouts.of(length)) {
            for (Dropout dropout : new Dropout[] {Dropout.NONE, new Dropout(0.3, 5)}) {
                AttentionSpec spec = new AttentionSpec(heads, layout, 1 / Math.sqrt(size), dropout);
                bench().checkBfloat16(
                                "attention over a layout, " + Layouts.name(layout),
                                kit -> bothWays(kit, spec, batch, heads * size));
            }
        }
    }

    private static void bothWays(Kit kit, AttentionSpec spec, int batch, int width) {
        int length = spec.layout().keys();
        Tensor qkv = kit.bfloat16("qkv", batch, length, 3 * width);
        Tensor out = kit.freshBfloat16(batch, length, width);
        Tensor logSumExp = kit.fresh(batch, spec.heads(), length);
        kit.backend().attention(out, logSumExp, qkv, spec);
        kit.show("out", out, length, 4, 4);
        kit.show("logSumExp", logSumExp, length, 4);
        Tensor above = kit.bfloat16("dOut", batch, length, width);
        Tensor below = kit.freshBfloat16(batch, length, 3 * width);
        kit.backend().attentionBackward(below, above, out, logSumExp, qkv, spec);
        kit.show("dQkv", below, length, 16, 16);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 16})
    default void bfloat16CachedAttentionIsAttention(int size) {
        bench().checkBfloat16(
                        "cachedAttention in two steps",
                        kit -> {
                            Backend backend = kit.backend();
                            int width = 2 * size;
                            KvCache cache =
                                    backend.kvCache(kit.scope(), DType.BFLOAT16, 1, 2, 12, width);
                            Tensor out = kit.freshBfloat16(2, 7, width);
                            AttentionLayout[] first = {new Causal(7, 7), new Causal(7, 7)};
                            Tensor qkv = kit.bfloat16("first", 2, 7, 3 * width);
                            backend.cachedAttention(out, qkv, cache, 0, first, 2, 0.4);
                            kit.show("first", out, 7, 4, 4);
                            cache.setLength(0, 7);
                            cache.setLength(1, 7);
                            AttentionLayout[] second = {new Causal(5, 12), new Causal(5, 12)};
                            Tensor more = kit.bfloat16("second", 2, 5, 3 * width);
                            Tensor next = kit.freshBfloat16(2, 5, width);
                            backend.cachedAttention(next, more, cache, 0, second, 2, 0.4);
                            kit.show("second", next, 12, 4, 4);
                        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 17, 33})
    default void bfloat16CachedAttentionGoesOnByOneToken(int size) {
        bench().checkBfloat16(
                        "cachedAttention of one sequence, a token at a time from the first",
                        kit -> {
                            int width = 3 * size;
                            KvCache cache =
                                    kit.backend()
                                            .kvCache(kit.scope(), DType.BFLOAT16, 1, 1, 9, width);
                            for (int keys = 1; keys <= 9; keys++) {
                                Tensor qkv = kit.bfloat16("token " + keys, 1, 1, 3 * width);
                                Tensor out = kit.freshBfloat16(1, 1, width);
                                AttentionLayout[] one = {new Causal(1, keys)};
                                kit.backend().cachedAttention(out, qkv, cache, 0, one, 3, 0.4);
                                kit.show("token " + keys, out, keys, 4, 4);
                                cache.setLength(0, keys);
                            }
                        });
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 7, 2", "17, 16, 257", "130, 64, 1021"})
    default void bfloat16ProjectedCrossEntropyHasFloat32Losses(int rows, int width, int classes) {
        bench().checkBfloat16(
                        "projectedCrossEntropy, and backward: FLOAT32 losses and table gradient",
                        kit -> {
                            Backend backend = kit.backend();
                            Tensor hidden = kit.bfloat16("hidden", rows, width);
                            Weight table = kit.weight("table", classes, width);
                            Tensor targets = kit.randomIds("targets", classes, rows);
                            Tensor weights = kit.filled(1, rows);
                            Tensor losses = kit.fresh(rows);
                            double size = 4 * Math.sqrt(width);
                            backend.projectedCrossEntropy(losses, hidden, table, targets, weights);
                            kit.show("losses", losses, classes, size);
                            Tensor below = kit.freshBfloat16(rows, width);
                            backend.projectedCrossEntropyBackward(
                                    losses, below, hidden, table, targets, weights);
                            kit.show("losses of backward", losses, classes, size);
                            kit.show("dHidden", below, classes, 16, 8);
                            kit.show("table's gradient", table.gradient(), rows, 16, 8);
                        });
    }

    @Test
    default void bfloat16ProjectedCrossEntropyOfAFrozenTable() {
        bench().checkBfloat16(
                        "projectedCrossEntropyBackward with a table that isn't trainable",
                        kit -> {
                            Tensor below = kit.freshBfloat16(9, 16);
                            kit.backend()
                                    .projectedCrossEntropyBackward(
                                            kit.fresh(9),
                                            below,
                                            kit.bfloat16("hidden", 9, 16),
                                            kit.frozen("table", 257, 16),
                                            kit.randomIds("targets", 257, 9),
                                            kit.filled(1, 9));
                            kit.show("dHidden", below, 257, 16, 8);
                        });
    }
}
