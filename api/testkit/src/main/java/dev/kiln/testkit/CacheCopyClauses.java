package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Positions that one sequence of a cache has from another. */
interface CacheCopyClauses extends Clauses {
    int LAYERS = 2;

    /** The target keeps two positions of its own, and the source is then written over. */
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 7", "3, 5", "4, 16", "2, 33"})
    default void copiedPositionsAreSeenAsIfTheyWereComputed(int heads, int size) {
        bench().check(
                        "copy of a cache's positions, in every layer",
                        kit -> {
                            KvCache cache = cache(kit, DType.FLOAT32, heads * size);
                            copied(kit, cache, heads, Kit::normal, Kit::fresh);
                        });
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 16", "3, 33"})
    default void copiedPositionsInBfloat16AreSeenAsIfTheyWereComputed(int heads, int size) {
        bench().checkBfloat16(
                        "copy of a cache's positions, in every layer, in bfloat16",
                        kit -> {
                            KvCache cache = cache(kit, DType.BFLOAT16, heads * size);
                            copied(kit, cache, heads, Kit::bfloat16, Kit::freshBfloat16);
                        });
    }

    private static KvCache cache(Kit kit, DType type, int width) {
        return kit.backend().kvCache(kit.scope(), type, LAYERS, 3, 9, width);
    }

    /** Numbers by their name. */
    interface Numbers {
        Tensor of(Kit kit, String name, int... shape);
    }

    /** An output. */
    interface Output {
        Tensor of(Kit kit, int... shape);
    }

    private static void copied(Kit kit, KvCache cache, int heads, Numbers numbers, Output output) {
        Step step = new Step(kit, heads, numbers, output);
        step.run("source", cache.select(0), 7);
        step.run("own", cache.select(2), 2);
        cache.select(2, 0).copy(1, 0, 2, 6);
        assertEquals(6, cache.length(2), "the target's length after copy");
        assertEquals(7, cache.length(0), "the source's length after copy");
        cache.setLength(0, 3);
        step.run("over the source", cache.select(0), 4);
        step.run("behind the copy", cache.select(2), 3);
    }

    /** Positions of one sequence, through every layer. */
    record Step(Kit kit, int heads, Numbers numbers, Output output) {
        void run(String name, KvCache one, int count) {
            int keys = one.length(0) + count;
            AttentionLayout[] layout = {new Causal(count, keys)};
            for (int layer = 0; layer < LAYERS; layer++) {
                String what = String.format(Locale.ROOT, "%s, layer %d", name, layer);
                Tensor qkv = numbers.of(kit, what, 1, count, 3 * one.width());
                Tensor out = output.of(kit, 1, count, one.width());
                kit.backend().cachedAttention(out, qkv, one, layer, layout, heads, 0.4);
                kit.show(what, out, keys, 4, 4);
            }
            one.setLength(0, keys);
        }
    }

    @Test
    default void aCopyOutOfRangeIsRefused() {
        try (Scope scope = bench().backend().scope()) {
            KvCache cache = bench().backend().kvCache(scope, DType.FLOAT32, 1, 2, 8, 4);
            cache.setLength(0, 5);
            cache.setLength(1, 2);
            refused("a gap", cache, 0, 1, 3, 5);
            refused("more than there is", cache, 0, 1, 2, 6);
            refused("less than nothing", cache, 0, 1, 2, 1);
            refused("before the beginning", cache, 0, 1, -1, 2);
            refused("onto itself", cache, 0, 0, 0, 5);
            assertEquals(2, cache.length(1), "the length after a copy that was refused");
        }
    }

    private static void refused(String why, KvCache cache, int from, int to, int begin, int end) {
        assertThrows(
                IllegalArgumentException.class,
                () -> cache.copy(from, to, begin, end),
                "broken clause: a cache's copy refuses " + why);
    }
}
