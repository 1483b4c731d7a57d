package dev.kiln.testkit;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Tensor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attention whose scores are beyond what a float's last place tells apart. Queries and keys are whole
 * numbers times a power of two, so that every type holds the scores exactly and rows have ties; their
 * differences are then zero or huge, as the oracle's are.
 */
interface HugeScoreClauses extends Clauses {
    int LENGTH = 67;
    int HEADS = 2;
    int WIDTH = 8;

    /** Elements of queries and keys up to 2^e: scores up to 36 · 4^e, so 3e9, 4e13 and 5e31. */
    @ParameterizedTest
    @ValueSource(ints = {13, 20, 50})
    default void attentionOfHugeScoresIsThatOfTheirDifferences(int exponent) {
        for (DType type : types()) {
            for (AttentionLayout layout : Layouts.of(LENGTH)) {
                AttentionSpec spec = new AttentionSpec(HEADS, layout, 0.7, Dropout.NONE);
                bench().check(
                                "attention of scores up to 36 · 4^"
                                        + exponent
                                        + " in "
                                        + type
                                        + ", "
                                        + Layouts.name(layout),
                                kit -> bothWays(kit, spec, type, exponent));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 20, 50})
    default void cachedAttentionOfHugeScoresIsThatOfTheirDifferences(int exponent) {
        for (DType type : types()) {
            bench().check(
                            "cachedAttention of scores up to 36 · 4^" + exponent + " in " + type,
                            kit -> cached(kit, type, exponent));
        }
    }

    private List<DType> types() {
        boolean both = bench().backend().capabilities().types().contains(DType.BFLOAT16);
        return both ? List.of(DType.FLOAT32, DType.BFLOAT16) : List.of(DType.FLOAT32);
    }

    private static void bothWays(Kit kit, AttentionSpec spec, DType type, int exponent) {
        Backend backend = kit.backend();
        Tensor qkv = huge(kit, type, exponent, LENGTH);
        Tensor out = fresh(kit, type, LENGTH, WIDTH);
        Tensor logSumExp = kit.fresh(1, HEADS, LENGTH);
        backend.attention(out, logSumExp, qkv, spec);
        kit.show("out", out, LENGTH, 4);
        kit.show("logSumExp", logSumExp, LENGTH, 36 * Math.scalb(1.0, 2 * exponent));
        Tensor above = activations(kit, type, Kit.normals("dOut", LENGTH * WIDTH), LENGTH, WIDTH);
        Tensor below = fresh(kit, type, LENGTH, 3 * WIDTH);
        backend.attentionBackward(below, above, out, logSumExp, qkv, spec);
        double size = 16 * Math.scalb(1.0, exponent);
        double narrowed = type == DType.BFLOAT16 ? size : 0;
        kit.show("dQkv", below, LENGTH, size, narrowed);
    }

    private static void cached(Kit kit, DType type, int exponent) {
        KvCache cache = kit.backend().kvCache(kit.scope(), type, 1, 1, LENGTH + 1, WIDTH);
        for (int count : new int[] {LENGTH, 1}) {
            Tensor out = fresh(kit, type, count, WIDTH);
            AttentionLayout[] layouts = {new Causal(count, cache.length(0) + count)};
            Tensor qkv = huge(kit, type, exponent, count);
            kit.backend().cachedAttention(out, qkv, cache, 0, layouts, HEADS, 0.7);
            kit.show("out of " + count, out, LENGTH, 4);
            cache.setLength(0, cache.length(0) + count);
        }
    }

    private static Tensor fresh(Kit kit, DType type, int rows, int columns) {
        return type == DType.FLOAT32
                ? kit.fresh(1, rows, columns)
                : kit.freshBfloat16(1, rows, columns);
    }

    private static Tensor activations(Kit kit, DType type, float[] values, int rows, int columns) {
        return type == DType.FLOAT32
                ? kit.floats(values, 1, rows, columns)
                : kit.bfloat16(values, 1, rows, columns);
    }

    /** Whole numbers in [-3, 3] times 2^exponent for queries and keys; values are normal. */
    private static Tensor huge(Kit kit, DType type, int exponent, int rows) {
        float[] values = Kit.normals("qkv", rows * 3 * WIDTH);
        for (int i = 0; i < values.length; i++) {
            if (i % (3 * WIDTH) < 2 * WIDTH) {
                float whole = Math.clamp(Math.round(1.5f * values[i]), -3, 3);
                values[i] = Math.scalb(whole, exponent);
            }
        }
        return activations(kit, type, values, rows, 3 * WIDTH);
    }
}
