package dev.kiln.kernels;

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

    /** A band of 1/32 of the context, as of 256 in 8,192. */
    @Test
    void aBandTakesAnEighthOfDensesScratchOrLess() {
        AttentionLayout banded = new Banded(LENGTH, LENGTH, LENGTH / 32);
        AttentionLayout dense = new Causal(LENGTH, LENGTH);
        Tensor qkv = zeros(1, LENGTH, 3 * SIZE);
        Tensor out = zeros(1, LENGTH, SIZE);
        Tensor logSumExp = zeros(1, 1, LENGTH);
        Tensor dQkv = zeros(1, LENGTH, 3 * SIZE);
        long[] bytes = new long[4];
        for (AttentionLayout layout : new AttentionLayout[] {banded, dense}) {
            AttentionSpec spec = new AttentionSpec(1, layout, 0.5, Dropout.NONE);
            int at = layout == banded ? 0 : 2;
            bytes[at] = backend.scratchBytes(() -> backend.attention(out, logSumExp, qkv, spec));
            bytes[at + 1] =
                    backend.scratchBytes(
                            () -> backend.attentionBackward(dQkv, out, out, logSumExp, qkv, spec));
        }
        assertTrue(8 * bytes[0] <= bytes[2], Arrays.toString(bytes));
        assertTrue(8 * bytes[1] <= bytes[3], Arrays.toString(bytes));
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
