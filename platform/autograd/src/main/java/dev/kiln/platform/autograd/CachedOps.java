package dev.kiln.platform.autograd;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.model.Attention;

/**
 * Runs a model on new positions behind those of a KV cache: generation. Sequences may bring
 * different numbers of positions. After a forward pass the caller tells it to {@link #advance}. Used
 * by one thread at a time, within the life of its scope.
 */
public final class CachedOps extends DirectOps {
    private final KvCache cache;
    private final int[] counts;

    /**
     * @param counts new positions of each of the cache's sequences, at least 1: in what the model
     *     is given, those of one sequence follow those of the one before it, so that it runs on
     *     [1, their sum]
     */
    public CachedOps(
            Backend backend,
            Scope scope,
            Precision precision,
            Layouts layouts,
            KvCache cache,
            int... counts) {
        super(backend, scope, precision, layouts);
        this.cache = cache;
        this.counts = counts.clone();
    }

    @Override
    public Tensor attention(Tensor qkv, Attention attention) {
        OpShapes.attention(qkv, attention.heads());
        check(qkv.shape(), attention);
        AttentionLayout[] shown = new AttentionLayout[counts.length];
        for (int b = 0; b < counts.length; b++) {
            shown[b] =
                    layouts.of(
                            attention.pattern(),
                            attention.layer(),
                            counts[b],
                            cache.length(b) + counts[b]);
        }
        Tensor out = from(qkv, qkv.shape().withColumns(qkv.shape().columns() / 3));
        backend.cachedAttention(
                out, qkv, cache, attention.layer(), shown, attention.heads(), attention.scale());
        return ofBlock(out);
    }

    /** A cache is made for what the model says of itself. */
    private void check(Shape qkv, Attention attention) {
        int width = qkv.columns() / 3;
        if (width != cache.width()) {
            int size = width / attention.heads();
            throw new InvalidInput(
                    "the model's attention is "
                            + width
                            + " wide ("
                            + attention.heads()
                            + " heads of "
                            + size
                            + "), the attentionWidth of its shape is "
                            + cache.width()
                            + ": caches of keys and values are made for what the shape says");
        }
        if (attention.layer() < 0 || attention.layer() >= cache.layers()) {
            throw new InvalidInput(
                    "the model attends in layer "
                            + attention.layer()
                            + " (from 0), its shape says that it has "
                            + cache.layers()
                            + " layers");
        }
    }

    /** Counts the new positions as seen. */
    public void advance() {
        for (int b = 0; b < counts.length; b++) {
            cache.setLength(b, cache.length(b) + counts[b]);
        }
    }
}
