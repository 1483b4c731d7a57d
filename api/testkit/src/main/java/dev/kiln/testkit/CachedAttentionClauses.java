package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention with a cache: the same as without one, also in ragged batches. */
interface CachedAttentionClauses extends Clauses {
    /** How many positions each of three sequences brings, step by step; with 0 it is left out. */
    List<int[]> STEPS =
            List.of(
                    new int[] {17, 1, 6},
                    new int[] {1, 1, 1},
                    new int[] {1, 5, 2},
                    new int[] {1, 1, 1},
                    new int[] {3, 31, 1},
                    new int[] {0, 2, 4},
                    new int[] {5, 0, 1},
                    new int[] {0, 1, 0},
                    new int[] {1, 1, 1});

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 7", "3, 5", "4, 16", "2, 33"})
    default void cachedAttentionIsAttentionStepByStep(int heads, int size) {
        for (Pattern pattern : patterns()) {
            bench().check(
                            "cachedAttention of ragged batches, " + pattern.name(),
                            kit -> {
                                double[][] rows = ragged(kit, pattern, heads, size);
                                for (int b = 0; b < rows.length; b++) {
                                    double[] cached = rows[b];
                                    double[] whole =
                                            whole(kit, pattern, heads, size, b, cached.length);
                                    Shape shape = Shape.of(cached.length);
                                    kit.show("out of sequence " + b, shape, cached, 64, 4);
                                    double[] difference = new double[whole.length];
                                    Arrays.setAll(difference, i -> cached[i] - whole[i]);
                                    kit.show("cached minus uncached", shape, difference, 64, 4);
                                }
                            });
        }
    }

    private double[][] ragged(Kit kit, Pattern pattern, int heads, int size) {
        int width = heads * size;
        int sequences = STEPS.getFirst().length;
        int[] totals = new int[sequences];
        STEPS.forEach(step -> Arrays.setAll(totals, b -> totals[b] + step[b]));
        int capacity = Arrays.stream(totals).max().orElseThrow();
        KvCache cache =
                kit.backend().kvCache(kit.scope(), DType.FLOAT32, 2, sequences, capacity, width);
        double[][] rows = new double[sequences][];
        Arrays.setAll(rows, b -> new double[totals[b] * width]);
        for (int[] step : STEPS) {
            double[] out = step(kit, pattern, cache, step, heads, width);
            int from = 0;
            for (int b = 0; b < sequences; b++) {
                int at = cache.length(b) * width;
                System.arraycopy(out, from, rows[b], at, step[b] * width);
                from += step[b] * width;
                cache.setLength(b, cache.length(b) + step[b]);
            }
        }
        return rows;
    }

    /** One forward pass through the second of two layers; the first holds other numbers. */
    private double[] step(
            Kit kit, Pattern pattern, KvCache cache, int[] step, int heads, int width) {
        int[] brought = IntStream.range(0, step.length).filter(b -> step[b] > 0).toArray();
        KvCache shown = brought.length < step.length ? cache.select(brought) : cache;
        int count = IntStream.of(step).sum();
        int row = 3 * width;
        float[] qkv = new float[count * row];
        int to = 0;
        for (int b : brought) {
            float[] all = sequence(b, width, cache.capacity());
            System.arraycopy(all, cache.length(b) * row, qkv, to, step[b] * row);
            to += step[b] * row;
        }
        AttentionLayout[] layouts =
                IntStream.of(brought)
                        .mapToObj(b -> pattern.layout(step[b], cache.length(b) + step[b]))
                        .toArray(AttentionLayout[]::new);
        Tensor in = kit.floats(qkv, 1, count, row);
        Tensor out = kit.fresh(1, count, width);
        double scale = 1 / Math.sqrt((double) width / heads);
        Tensor other = kit.normal("first layer", 1, count, row);
        kit.backend().cachedAttention(out, in, shown, 1, layouts, heads, scale);
        double[] values = kit.values(out);
        kit.backend().cachedAttention(out, other, shown, 0, layouts, heads, scale);
        return values;
    }

    private static float[] sequence(int b, int width, int capacity) {
        return Kit.normals("sequence " + b, capacity * 3 * width);
    }

    /** The same sequence at once. */
    private static double[] whole(
            Kit kit, Pattern pattern, int heads, int size, int b, int elements) {
        int width = heads * size;
        int length = elements / width;
        float[] qkv = sequence(b, width, length);
        Tensor out = kit.fresh(1, length, width);
        kit.backend()
                .attention(
                        out,
                        kit.fresh(1, heads, length),
                        kit.floats(qkv, 1, length, 3 * width),
                        new AttentionSpec(
                                heads,
                                pattern.layout(length, length),
                                1 / Math.sqrt(size),
                                Dropout.NONE));
        return kit.values(out);
    }

    /** A family of layouts whose rows don't depend on the number of queries. */
    interface Pattern {
        AttentionLayout layout(int queries, int keys);

        default String name() {
            return Layouts.name(layout(9, 9));
        }
    }

    private static List<Pattern> patterns() {
        return List.of(
                Causal::new,
                (queries, keys) -> new Banded(queries, keys, 1),
                (queries, keys) -> new Banded(queries, keys, 4),
                (queries, keys) -> new Banded(queries, keys, 1000),
                (queries, keys) -> Layouts.sparse(queries, keys, 3),
                (queries, keys) -> Layouts.strided(queries, keys, 5, 1),
                (queries, keys) -> Layouts.strided(queries, keys, 7, 3));
    }

    @Test
    default void aCacheCanGoBack() {
        bench().check(
                        "a cache whose length was set back forgets what was behind",
                        kit -> {
                            Backend backend = kit.backend();
                            KvCache cache = backend.kvCache(kit.scope(), DType.FLOAT32, 1, 1, 8, 6);
                            Tensor out = kit.fresh(1, 4, 6);
                            AttentionLayout[] first = {new Causal(4, 4)};
                            backend.cachedAttention(
                                    out, kit.normal("first", 1, 4, 18), cache, 0, first, 2, 0.5);
                            cache.setLength(0, 4);
                            cache.setLength(0, 2);
                            AttentionLayout[] second = {new Causal(4, 6)};
                            backend.cachedAttention(
                                    out, kit.normal("second", 1, 4, 18), cache, 0, second, 2, 0.5);
                            kit.show("out", out, 6, 4);
                        });
    }

    /** What does not fit would be written to memory that is not the cache's. */
    @Test
    default void whatDoesNotFitACacheIsRefused() {
        Backend backend = bench().backend();
        try (Scope scope = backend.scope()) {
            Kit kit = new Kit(backend, scope);
            KvCache cache = backend.kvCache(scope, DType.FLOAT32, 2, 1, 5, 8);
            AttentionLayout[] three = {new Causal(3, 3)};
            refused("another width", kit, cache, 0, 16, three);
            refused("another layer", kit, cache, 2, 8, three);
            refused("other rows", kit, cache, 0, 8, new Causal(2, 2));
            refused("another sequence", kit, cache, 0, 8, new Causal(1, 1), new Causal(2, 2));
            cache.setLength(0, 3);
            refused("another length", kit, cache, 0, 8, three);
            refused("no room", kit, cache, 0, 8, new Causal(3, 6));
        }
    }

    private static void refused(
            String why, Kit kit, KvCache cache, int layer, int width, AttentionLayout... layouts) {
        Tensor qkv = kit.normal("qkv", 1, 3, 3 * width);
        Tensor out = kit.fresh(1, 3, width);
        assertThrows(
                IllegalArgumentException.class,
                () -> kit.backend().cachedAttention(out, qkv, cache, layer, layouts, 2, 0.5),
                "broken clause: cachedAttention refuses what does not fit its cache: " + why);
    }

    @Test
    default void aCacheKnowsItsLengths() {
        try (Scope scope = bench().backend().scope()) {
            KvCache cache = bench().backend().kvCache(scope, DType.FLOAT32, 3, 2, 5, 8);
            assertEquals(3, cache.layers(), "layers of a cache");
            assertEquals(2, cache.sequences(), "sequences of a cache");
            assertEquals(5, cache.capacity(), "capacity of a cache");
            assertEquals(8, cache.width(), "width of a cache");
            assertEquals(0, cache.length(1), "a new cache is empty");
            cache.setLength(1, 5);
            assertEquals(5, cache.length(1), "a cache's length is what was set");
            assertEquals(0, cache.length(0), "each sequence has a length of its own");
            KvCache second = cache.select(1);
            assertEquals(1, second.sequences(), "sequences of a selection");
            assertEquals(5, second.length(0), "a selection has the lengths of its sequences");
            second.setLength(0, 3);
            assertEquals(3, cache.length(1), "a selection's lengths are the cache's");
            assertThrows(IllegalArgumentException.class, () -> cache.setLength(0, 6));
            assertThrows(IllegalArgumentException.class, () -> cache.setLength(0, -1));
        }
    }
}
