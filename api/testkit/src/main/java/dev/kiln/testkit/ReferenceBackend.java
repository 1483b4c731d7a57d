package dev.kiln.testkit;

import dev.kiln.spi.Stable;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.CompactMoment;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The exact meaning of every kernel: plain loops in double precision, in the order that the formula
 * says. FLOAT32 is kept as doubles that are never rounded, so that finite differences work; INT32
 * as ints; BFLOAT16 as doubles that are rounded, to nearest even, once a kernel.
 *
 * <p>It is strict where {@link Backend} leaves behaviour undefined: a wrong type or shape, an id
 * out of range, an alias that isn't allowed, and a tensor used after its end throw {@link
 * IllegalArgumentException} that names the kernel. Fresh memory holds NaN, and no valid id, so that
 * reading it shows. Not thread-safe.
 */
@Stable
public final class ReferenceBackend implements Backend {
    private final Set<ReferenceScope> open = new HashSet<>();

    @Override
    public Capabilities capabilities() {
        return new Capabilities(
                Set.of(DType.values()),
                Set.of(WeightFormat.values()),
                "plain loops in double precision",
                1);
    }

    @Override
    public Scope scope() {
        return new ReferenceScope(open);
    }

    @Override
    public Weight weight(Scope scope, String name, Shape shape, boolean trainable) {
        Tensor value = zeros(scope, shape);
        Optional<Tensor> gradient = trainable ? Optional.of(zeros(scope, shape)) : Optional.empty();
        return new ReferenceWeight(name, value, gradient);
    }

    private Tensor zeros(Scope scope, Shape shape) {
        Tensor zeros = scope.allocate(DType.FLOAT32, shape);
        fill(zeros, 0);
        return zeros;
    }

    @Override
    public Weight frozen(Scope scope, FrozenWeight content) {
        return ReferenceFrozenWeight.of(scope, content);
    }

    @Override
    public KvCache kvCache(
            Scope scope, DType type, int layers, int sequences, int capacity, int width) {
        return ReferenceKvCache.in(scope, layers, sequences, capacity, width);
    }

    @Override
    public void close() {
        List.copyOf(open).forEach(Scope::close);
    }

    /** The elements, FLOAT32 unrounded; ids as doubles. */
    public double[] values(Tensor source) {
        return Transfers.values(source);
    }

    /** Writes all elements, FLOAT32 unrounded; ids as doubles. */
    public void set(Tensor out, double... values) {
        Transfers.set(out, values);
    }

    @Override
    public void upload(Tensor out, MemorySegment source) {
        Transfers.upload(out, source);
    }

    @Override
    public void download(MemorySegment out, Tensor source) {
        Transfers.download(out, source);
    }

    /** Ends a kernel that computed exactly. */
    private static void round(Tensor out) {
        Operands.living("round", out).round();
    }

    @Override
    public void fill(Tensor out, double value) {
        Elementwise.fill(out, value);
        round(out);
    }

    @Override
    public void copy(Tensor out, Tensor x) {
        Elementwise.copy(out, x);
    }

    @Override
    public void cast(Tensor out, Tensor x) {
        Elementwise.cast(out, x);
        round(out);
    }

    @Override
    public void add(Tensor out, Tensor a, Tensor b) {
        Elementwise.add(out, a, b);
        round(out);
    }

    @Override
    public void multiply(Tensor out, Tensor a, Tensor b) {
        Elementwise.multiply(out, a, b);
        round(out);
    }

    @Override
    public void scale(Tensor out, Tensor x, double factor) {
        Elementwise.scale(out, x, factor);
        round(out);
    }

    @Override
    public void addScaled(Tensor out, Tensor x, double factor) {
        Elementwise.addScaled(out, x, factor);
        round(out);
    }

    @Override
    public void dropout(Tensor out, Tensor x, Dropout dropout) {
        Elementwise.dropout(out, x, dropout);
        round(out);
    }

    @Override
    public void activation(Tensor out, Tensor x, ActivationFunction function) {
        ReferenceActivations.forward(out, x, function);
        round(out);
    }

    @Override
    public void activationBackward(Tensor dX, Tensor dOut, Tensor x, ActivationFunction function) {
        ReferenceActivations.backward(dX, dOut, x, function);
        round(dX);
    }

    @Override
    public void matmul(
            Tensor out,
            Tensor a,
            boolean transposeA,
            Tensor b,
            boolean transposeB,
            double alpha,
            double beta) {
        Products.matmul(out, a, transposeA, b, transposeB, alpha, beta);
        round(out);
    }

    @Override
    public void addBias(Tensor x, Tensor bias) {
        Products.addBias(x, bias);
        round(x);
    }

    @Override
    public void linear(Tensor out, Tensor x, Weight weight) {
        Products.linear(out, x, weight, false);
        round(out);
    }

    @Override
    public void linear(Tensor out, Tensor x, Weight weight, Weight bias) {
        Products.linear(out, x, weight, false);
        Products.addBias(out, bias.value());
        round(out);
    }

    @Override
    public void logits(Tensor out, Tensor hidden, Weight table) {
        Products.linear(out, hidden, table, true);
        round(out);
    }

    @Override
    public void embedding(Tensor out, Weight table, Tensor ids) {
        gather(out, ReferenceFrozenWeight.elements(table), ids);
    }

    @Override
    public void addRowSum(Tensor sum, Tensor x) {
        Products.addRowSum(sum, x);
    }

    @Override
    public void gather(Tensor out, Tensor table, Tensor ids) {
        Rows.gather(out, table, ids);
        round(out);
    }

    @Override
    public void scatterAdd(Tensor sum, Tensor x, Tensor ids) {
        Rows.scatterAdd(sum, x, ids);
    }

    @Override
    public void layerNorm(
            Tensor out, Tensor statistics, Tensor x, Weight gain, Weight bias, double epsilon) {
        Rows.layerNorm(out, statistics, x, gain, bias, epsilon);
        round(out);
    }

    @Override
    public void layerNormBackward(
            Tensor dX, Tensor dOut, Tensor x, Tensor statistics, Weight gain, Weight bias) {
        Rows.layerNormBackward(dX, dOut, x, statistics, gain, bias);
        round(dX);
    }

    @Override
    public void attention(Tensor out, Tensor logSumExp, Tensor qkv, AttentionSpec spec) {
        AttentionKernels.attention(out, logSumExp, qkv, spec);
        round(out);
    }

    @Override
    public void attentionBackward(
            Tensor dQkv,
            Tensor dOut,
            Tensor out,
            Tensor logSumExp,
            Tensor qkv,
            AttentionSpec spec) {
        AttentionGradient.attentionBackward(dQkv, dOut, out, logSumExp, qkv, spec);
        round(dQkv);
    }

    @Override
    public void cachedAttention(
            Tensor out,
            Tensor qkv,
            KvCache cache,
            int layer,
            AttentionLayout[] layouts,
            int heads,
            double scale) {
        if (!(cache instanceof ReferenceKvCache own)) {
            throw new IllegalArgumentException("cachedAttention: a cache of another backend");
        }
        AttentionKernels.cachedAttention(out, qkv, own, layer, layouts, heads, scale);
        round(out);
    }

    @Override
    public void crossEntropy(
            Tensor losses, Tensor dLogits, Tensor logits, Tensor targets, Tensor weights) {
        Losses.crossEntropy(losses, dLogits, logits, targets, weights);
    }

    @Override
    public void projectedCrossEntropy(
            Tensor losses, Tensor hidden, Weight table, Tensor targets, Tensor weights) {
        Losses.projected(losses, hidden, table, targets, weights);
    }

    @Override
    public void projectedCrossEntropyBackward(
            Tensor losses,
            Tensor dHidden,
            Tensor hidden,
            Weight table,
            Tensor targets,
            Tensor weights) {
        Losses.projectedBackward(losses, dHidden, hidden, table, targets, weights);
        round(dHidden);
    }

    @Override
    public double squaredNorm(List<Tensor> tensors) {
        return Optimization.squaredNorm(tensors);
    }

    @Override
    public boolean isFinite(Tensor x) {
        return Optimization.isFinite(x);
    }

    @Override
    public void adamW(
            List<Weight> weights,
            List<Tensor> firstMoments,
            List<Tensor> secondMoments,
            AdamWStep step) {
        Optimization.adamW(weights, firstMoments, secondMoments, step);
    }

    @Override
    public void adamWCompact(
            List<Weight> weights,
            List<CompactMoment> firstMoments,
            List<CompactMoment> secondMoments,
            AdamWStep step) {
        CompactOptimization.adamW(weights, firstMoments, secondMoments, step);
    }
}
