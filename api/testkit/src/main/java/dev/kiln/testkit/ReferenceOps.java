package dev.kiln.testkit;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Attention;
import dev.kiln.spi.model.Ops;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * {@link Ops} straight on a backend, for tests: no gradients, no dropout. Everything lives until
 * the scope closes. On a {@link ReferenceBackend} shapes that don't fit throw {@link
 * IllegalArgumentException}; others don't check. Used by one thread at a time.
 */
@Experimental
public final class ReferenceOps implements Ops {
    private final Backend backend;
    private final Scope scope;
    private final Optional<KvCache> cache;

    private ReferenceOps(Backend backend, Scope scope, Optional<KvCache> cache) {
        this.backend = backend;
        this.scope = scope;
        this.cache = cache;
    }

    /** Attention sees what is in its input. */
    public static ReferenceOps direct(Backend backend, Scope scope) {
        return new ReferenceOps(backend, scope, Optional.empty());
    }

    /** Attention goes on from a cache, whose lengths the caller advances after a forward pass. */
    public static ReferenceOps cached(Backend backend, Scope scope, KvCache cache) {
        return new ReferenceOps(backend, scope, Optional.of(cache));
    }

    private Tensor fresh(Shape shape) {
        return scope.allocate(DType.FLOAT32, shape);
    }

    @Override
    public Tensor embedding(Weight table, Tensor ids) {
        int[] shape = new int[ids.shape().rank() + 1];
        System.arraycopy(ids.shape().toArray(), 0, shape, 0, shape.length - 1);
        shape[shape.length - 1] = table.shape().columns();
        Tensor out = fresh(Shape.of(shape));
        backend.embedding(out, table, ids);
        return out;
    }

    @Override
    public Tensor linear(Tensor x, Weight weight) {
        Tensor out = fresh(x.shape().withColumns(weight.shape().columns()));
        backend.linear(out, x, weight);
        return out;
    }

    @Override
    public Tensor linear(Tensor x, Weight weight, Weight bias) {
        Tensor out = fresh(x.shape().withColumns(weight.shape().columns()));
        backend.linear(out, x, weight, bias);
        return out;
    }

    @Override
    public Tensor linearActivation(
            Tensor x, Weight weight, Weight bias, ActivationFunction function) {
        return activation(linear(x, weight, bias), function);
    }

    @Override
    public Tensor activation(Tensor x, ActivationFunction function) {
        Tensor out = fresh(x.shape());
        backend.activation(out, x, function);
        return out;
    }

    @Override
    public Tensor layerNorm(Tensor x, Weight gain, Weight bias, double epsilon) {
        Tensor out = fresh(x.shape());
        Tensor statistics = fresh(Shape.of(2, x.shape().rows()));
        backend.layerNorm(out, statistics, x, gain, bias, epsilon);
        return out;
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        Tensor out = fresh(a.shape());
        backend.add(out, a, b);
        return out;
    }

    @Override
    public Tensor multiply(Tensor a, Tensor b) {
        Tensor out = fresh(a.shape());
        backend.multiply(out, a, b);
        return out;
    }

    @Override
    public Tensor scale(Tensor x, double factor) {
        Tensor out = fresh(x.shape());
        backend.scale(out, x, factor);
        return out;
    }

    @Override
    public Tensor dropout(Tensor x, double rate) {
        return x;
    }

    @Override
    public Weight dropout(Weight weight, double rate) {
        return weight;
    }

    @Override
    public Tensor attention(Tensor qkv, Attention attention) {
        Tensor out = fresh(qkv.shape().withColumns(qkv.shape().columns() / 3));
        if (cache.isPresent()) {
            cachedAttention(out, qkv, cache.get(), attention);
        } else {
            directAttention(out, qkv, attention);
        }
        return out;
    }

    private void directAttention(Tensor out, Tensor qkv, Attention attention) {
        int length = qkv.shape().dimension(1);
        AttentionLayout layout = attention.pattern().layout(attention.layer(), length, length);
        Tensor lse = fresh(Shape.of(qkv.shape().dimension(0), attention.heads(), length));
        AttentionSpec spec =
                new AttentionSpec(attention.heads(), layout, attention.scale(), Dropout.NONE);
        backend.attention(out, lse, qkv, spec);
    }

    private void cachedAttention(Tensor out, Tensor qkv, KvCache kept, Attention attention) {
        int length = qkv.shape().dimension(1);
        int layer = attention.layer();
        AttentionLayout[] layouts =
                IntStream.range(0, kept.sequences())
                        .mapToObj(b -> kept.length(b) + length)
                        .map(keys -> attention.pattern().layout(layer, length, keys))
                        .toArray(AttentionLayout[]::new);
        backend.cachedAttention(
                out, qkv, kept, layer, layouts, attention.heads(), attention.scale());
    }

    @Override
    public Tensor gather(Tensor x, Tensor rows) {
        Tensor out = fresh(Shape.of(Math.toIntExact(rows.shape().size()), x.shape().columns()));
        backend.gather(out, x, rows);
        return out;
    }

    @Override
    public Tensor reshape(Tensor x, Shape shape) {
        Tensor out = fresh(shape);
        backend.copy(out, x);
        return out;
    }

    @Override
    public Tensor sumRows(Tensor x, int count) {
        int rows = x.shape().rows();
        Tensor groups = scope.allocate(DType.INT32, Shape.of(rows));
        backend.upload(groups, IntStream.range(0, rows).map(row -> row / count).toArray());
        Tensor out = fresh(Shape.of(rows / count, x.shape().columns()));
        backend.fill(out, 0);
        backend.scatterAdd(out, x, groups);
        return out;
    }

    @Override
    public Tensor logits(Tensor hidden, Weight table) {
        Tensor out = fresh(Shape.of(hidden.shape().rows(), table.shape().rows()));
        backend.logits(out, hidden, table);
        return out;
    }

    @Override
    public Tensor projectedCrossEntropy(
            Tensor hidden, Weight table, Tensor targets, Tensor weights) {
        Tensor losses = fresh(Shape.of(hidden.shape().rows()));
        backend.projectedCrossEntropy(losses, hidden, table, targets, weights);
        return losses;
    }

    @Override
    public Tensor crossEntropy(Tensor logits, Tensor targets, Tensor weights) {
        Tensor losses = fresh(Shape.of(logits.shape().rows()));
        backend.crossEntropy(losses, fresh(logits.shape()), logits, targets, weights);
        return losses;
    }

    @Override
    public Tensor block(Tensor x, UnaryOperator<Tensor> body) {
        return body.apply(x);
    }
}
