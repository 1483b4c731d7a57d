package dev.kiln.platform.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.AttentionPattern;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.Attention;
import dev.kiln.testkit.ReferenceBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a plugin's model or pattern gets wrong is refused before a kernel writes it to memory. */
class CachedOpsTest {
    private static final AttentionPattern CAUSAL =
            (layer, queries, keys) -> new Causal(queries, keys);

    private final ReferenceBackend backend = new ReferenceBackend();
    private final Scope scope = backend.scope();

    @AfterEach
    void close() {
        scope.close();
        backend.close();
    }

    /** Attention of two new positions, 64 wide in its shape and in the cache, of two layers. */
    private String refused(int width, int layer, AttentionPattern pattern) {
        KvCache cache = backend.kvCache(scope, DType.FLOAT32, 2, 1, 8, 64);
        CachedOps ops = new CachedOps(backend, scope, Precision.FLOAT32, new Layouts(), cache, 2);
        Tensor qkv = scope.allocate(DType.FLOAT32, Shape.of(1, 2, 3 * width));
        Attention attention = new Attention(layer, 4, pattern, 0.5, 0);
        return assertThrows(InvalidInput.class, () -> ops.attention(qkv, attention)).getMessage();
    }

    @Test
    void attentionThatIsWiderThanTheModelsShapeIsRefusedInOneLine() {
        assertEquals(
                "the model's attention is 128 wide (4 heads of 32), the attentionWidth of its shape is"
                        + " 64: caches of keys and values are made for what the shape says",
                refused(128, 0, CAUSAL));
    }

    @Test
    void aLayerThatTheModelsShapeDoesNotHaveIsRefused() {
        assertEquals(
                "the model attends in layer 2 (from 0), its shape says that it has 2 layers",
                refused(64, 2, CAUSAL));
    }

    @Test
    void aLayoutOfOtherSizesThanThePatternWasAskedForIsRefused() {
        String message = refused(64, 0, (layer, queries, keys) -> new Causal(queries, keys + 100));
        assertEquals(
                "asked for 2 queries of 2 keys, its layout has 2 of 102",
                message.substring(message.indexOf("asked")));
    }
}
