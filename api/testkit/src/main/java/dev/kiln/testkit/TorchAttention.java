package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.spi.attention.Sparse;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/**
 * Attention as PyTorch computed it with an explicit mask; made by {@code
 * src/test/python/sparse_attention_fixtures.py}.
 *
 * @param sizes batch, length, heads, head size
 * @param visible a string of 0 and 1 for each query
 */
record TorchAttention(
        String name,
        int[] sizes,
        String[] visible,
        float[] qkv,
        float[] above,
        float[] out,
        float[] below) {
    private static final double TOLERANCE = 1e-5;

    static TorchAttention named(String name) {
        Properties numbers = new Properties();
        try (InputStream in =
                TorchAttention.class.getResourceAsStream("sparse-attention.properties")) {
            numbers.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TorchAttention(
                name,
                Arrays.stream(words(numbers, name + ".sizes"))
                        .mapToInt(Integer::parseInt)
                        .toArray(),
                words(numbers, name + ".visible"),
                floats(numbers, name + ".qkv"),
                floats(numbers, name + ".dOut"),
                floats(numbers, name + ".out"),
                floats(numbers, name + ".dQkv"));
    }

    private static String[] words(Properties numbers, String key) {
        return numbers.getProperty(key).split(" ");
    }

    private static float[] floats(Properties numbers, String key) {
        String[] words = words(numbers, key);
        float[] floats = new float[words.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = Float.parseFloat(words[i]);
        }
        return floats;
    }

    /** Forward and backward. */
    void check(Backend backend) {
        int batch = sizes[0];
        int length = sizes[1];
        int heads = sizes[2];
        int width = heads * sizes[3];
        AttentionSpec spec =
                new AttentionSpec(heads, layout(), 1 / Math.sqrt(sizes[3]), Dropout.NONE);
        try (Scope scope = backend.scope()) {
            Kit kit = new Kit(backend, scope);
            Tensor in = kit.floats(qkv, batch, length, 3 * width);
            Tensor result = kit.fresh(batch, length, width);
            Tensor logSumExp = kit.fresh(batch, heads, length);
            backend.attention(result, logSumExp, in, spec);
            assertClose("out", out, kit.values(result));
            Tensor gradient = kit.fresh(batch, length, 3 * width);
            Tensor dOut = kit.floats(above, batch, length, width);
            backend.attentionBackward(gradient, dOut, result, logSumExp, in, spec);
            assertClose("dQkv", below, kit.values(gradient));
        }
    }

    private Sparse layout() {
        int[] rowStart = new int[visible.length + 1];
        List<Integer> bounds = new ArrayList<>();
        for (int i = 0; i < visible.length; i++) {
            for (int from = visible[i].indexOf('1'); from >= 0; ) {
                int to = visible[i].indexOf('0', from);
                bounds.addAll(List.of(from, to < 0 ? visible.length : to));
                from = to < 0 ? -1 : visible[i].indexOf('1', to);
            }
            rowStart[i + 1] = bounds.size() / 2;
        }
        return new Sparse(
                visible.length,
                visible.length,
                rowStart,
                bounds.stream().mapToInt(Integer::intValue).toArray());
    }

    private void assertClose(String what, float[] expected, double[] actual) {
        for (int i = 0; i < expected.length; i++) {
            assertEquals(
                    expected[i],
                    actual[i],
                    TOLERANCE,
                    "broken clause: attention is PyTorch's; element "
                            + i
                            + " of "
                            + name
                            + "."
                            + what);
        }
    }
}
