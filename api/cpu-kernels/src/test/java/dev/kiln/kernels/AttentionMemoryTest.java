package dev.kiln.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttentionMemoryTest {
    private static final int LENGTH = 2048;
    private static final int SIZE = 4;

    private final CpuBackend backend =
            new CpuBackend("test", 2, Memory.ofProcess(), 1L << 30, new PlainGemm());
    private final Scope scope = backend.scope();

    @AfterEach
    void close() {
        scope.close();
        backend.close();
    }

    /** Dense's too, which has eight times the scores: no more of them than a tile's are kept. */
    @Test
    void scratchDoesNotGrowWithTheLength() {
        assertArrayEquals(
                scratch(new Causal(LENGTH, LENGTH)), scratch(new Causal(LENGTH / 2, LENGTH / 2)));
        long[] banded = scratch(new Banded(LENGTH, LENGTH, 64));
        assertArrayEquals(banded, scratch(new Banded(LENGTH / 2, LENGTH / 2, 64)));
    }

    /** Of two workers: a tile's scores, twice in backward, and what its 64 rows take beside. */
    @Test
    void scratchIsATilesScoresAndNoMore() {
        long tile = 4L * 64 * 512;
        long beside = 1 << 16;
        long[] dense = scratch(new Causal(LENGTH, LENGTH));
        assertTrue(dense[0] <= 2 * (tile + beside), Arrays.toString(dense));
        assertTrue(dense[1] <= 2 * (2 * tile + beside), Arrays.toString(dense));
        long band = 4L * 32 * (64 + 31);
        long[] banded = scratch(new Banded(LENGTH, LENGTH, 64));
        assertTrue(banded[0] <= 2 * (band + beside), Arrays.toString(banded));
        assertTrue(banded[1] <= 2 * (2 * band + beside), Arrays.toString(banded));
    }

    /** Bytes of two workers, forward and backward. */
    private long[] scratch(AttentionLayout layout) {
        int length = layout.keys();
        Tensor qkv = zeros(1, length, 3 * SIZE);
        Tensor out = zeros(1, length, SIZE);
        Tensor logSumExp = zeros(1, 1, length);
        Tensor dQkv = zeros(1, length, 3 * SIZE);
        AttentionSpec spec = new AttentionSpec(1, layout, 0.5, Dropout.NONE);
        return new long[] {
            backend.scratchBytes(() -> backend.attention(out, logSumExp, qkv, spec)),
            backend.scratchBytes(
                    () -> backend.attentionBackward(dQkv, out, out, logSumExp, qkv, spec))
        };
    }

    /** What is not visible is not read: a NaN there would come through. */
    @Test
    void aCachedQueryReadsItsVisibleKeysOnly() {
        KvCache cache = backend.kvCache(scope, DType.FLOAT32, 1, 1, 40, SIZE);
        float[] junk = new float[3 * 30 * SIZE];
        Arrays.fill(junk, Float.NaN);
        Tensor before = scope.allocate(DType.FLOAT32, Shape.of(1, 30, 3 * SIZE));
        backend.upload(before, junk);
        Tensor out = zeros(1, 30, SIZE);
        AttentionLayout[] all = {new Banded(30, 30, 1)};
        backend.cachedAttention(out, before, cache, 0, all, 1, 0.5);
        cache.setLength(0, 30);
        Tensor ones = scope.allocate(DType.FLOAT32, Shape.of(1, 1, 3 * SIZE));
        backend.fill(ones, 1);
        Tensor last = zeros(1, 1, SIZE);
        AttentionLayout[] one = {new Banded(1, 31, 1)};
        backend.cachedAttention(last, ones, cache, 0, one, 1, 0.5);
        assertEquals(1, backend.floats(last)[0]);
    }

    private Tensor zeros(int... shape) {
        Tensor tensor = scope.allocate(DType.FLOAT32, Shape.of(shape));
        backend.fill(tensor, 0);
        return tensor;
    }
}
