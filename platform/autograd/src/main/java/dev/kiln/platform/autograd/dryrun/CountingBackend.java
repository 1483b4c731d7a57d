package dev.kiln.platform.autograd.dryrun;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.CompactMoment;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A backend that computes nothing and counts: bytes in its scopes, the floating-point operations of
 * products and of attention, and what each weight is used for. Others (norms, activations, the update) are a small share and are
 * not counted, as is usual (Kaplan et al., 2020, section 2.1). What a kernel computes a second time
 * to save memory is not counted either. Nothing is generated on it: attention with a cache throws
 * {@link UnsupportedOperationException}. Used by one thread.
 *
 * <pre>{@code
 * CountingBackend backend = new CountingBackend();
 * Parameters weights = Parameters.unfilled(backend, backend.scope(), _ -> false);
 * Tensor hidden = family.build(weights, vocabulary).hidden(ops, ids, positions); // ops on backend
 * System.out.println(backend.products() + " operations");
 * }</pre>
 */
public final class CountingBackend implements Backend {
    // Beyond what a long holds for models that can be described, if not trained.
    private double products;
    private double attention;

    /** Operations of all products so far, a multiplication and an addition each counted. */
    public double products() {
        return products;
    }

    /** Operations of attention so far: scores and mixtures of visible keys. */
    public double attention() {
        return attention;
    }

    /**
     * What a weight was used for until now.
     *
     * @param weight of this backend
     */
    public WeightRole role(Weight weight) {
        return ((CountedWeight) weight).role();
    }

    private static void note(Weight weight, WeightRole role) {
        ((CountedWeight) weight).note(role);
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(EnumSet.allOf(DType.class), Set.of(), "nothing: it counts", 1);
    }

    @Override
    public CountedScope scope() {
        return new CountedScope();
    }

    @Override
    public Weight weight(Scope scope, String name, Shape shape, boolean trainable) {
        Tensor value = scope.allocate(DType.FLOAT32, shape);
        Tensor gradient =
                trainable
                        ? scope.allocate(DType.FLOAT32, shape)
                        : new CountedTensor(DType.FLOAT32, shape);
        return new CountedWeight(name, value, gradient, trainable);
    }

    @Override
    public KvCache kvCache(
            Scope scope, DType type, int layers, int sequences, int capacity, int width) {
        scope.allocate(type, Shape.of(2, layers, sequences, capacity, width));
        return new CountedCache(layers, sequences, capacity, width);
    }

    @Override
    public void close() {}

    @Override
    public void upload(Tensor out, MemorySegment source) {}

    @Override
    public void download(MemorySegment out, Tensor source) {}

    @Override
    public void fill(Tensor out, double value) {}

    @Override
    public void copy(Tensor out, Tensor x) {}

    @Override
    public void cast(Tensor out, Tensor x) {}

    @Override
    public void add(Tensor out, Tensor a, Tensor b) {}

    @Override
    public void multiply(Tensor out, Tensor a, Tensor b) {}

    @Override
    public void scale(Tensor out, Tensor x, double factor) {}

    @Override
    public void addScaled(Tensor out, Tensor x, double factor) {}

    @Override
    public void dropout(Tensor out, Tensor x, Dropout dropout) {}

    @Override
    public void activation(Tensor out, Tensor x, ActivationFunction function) {}

    @Override
    public void activationBackward(Tensor dX, Tensor dOut, Tensor x, ActivationFunction function) {}

    @Override
    public void matmul(
            Tensor out,
            Tensor a,
            boolean transposeA,
            Tensor b,
            boolean transposeB,
            double alpha,
            double beta) {
        long inner = transposeA ? a.shape().rows() : a.shape().columns();
        products += 2.0 * out.shape().size() * inner;
    }

    @Override
    public void linear(Tensor out, Tensor x, Weight weight) {
        note(weight, WeightRole.LINEAR);
        products += 2.0 * x.shape().size() * out.shape().columns();
    }

    @Override
    public void logits(Tensor out, Tensor hidden, Weight table) {
        note(table, WeightRole.TABLE);
        products += 2.0 * hidden.shape().size() * out.shape().columns();
    }

    @Override
    public void embedding(Tensor out, Weight table, Tensor ids) {
        note(table, WeightRole.EMBEDDING);
    }

    @Override
    public void addBias(Tensor x, Tensor bias) {}

    @Override
    public void addRowSum(Tensor sum, Tensor x) {}

    @Override
    public void gather(Tensor out, Tensor table, Tensor ids) {}

    @Override
    public void scatterAdd(Tensor sum, Tensor x, Tensor ids) {}

    @Override
    public void layerNorm(
            Tensor out, Tensor statistics, Tensor x, Weight gain, Weight bias, double epsilon) {}

    @Override
    public void layerNormBackward(
            Tensor dX, Tensor dOut, Tensor x, Tensor statistics, Weight gain, Weight bias) {}

    @Override
    public void attention(Tensor out, Tensor logSumExp, Tensor qkv, AttentionSpec spec) {
        attention += forwardOperations(out, spec);
    }

    @Override
    public void attentionBackward(
            Tensor dQkv,
            Tensor dOut,
            Tensor out,
            Tensor logSumExp,
            Tensor qkv,
            AttentionSpec spec) {
        attention += 2 * forwardOperations(out, spec);
    }

    /** Two products, of C multiplications and additions in all heads, for each visible key. */
    private static double forwardOperations(Tensor out, AttentionSpec spec) {
        Shape shape = out.shape();
        return 4.0 * shape.dimension(0) * spec.layout().visible() * shape.columns();
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
        throw new UnsupportedOperationException("nothing is generated while a run is planned");
    }

    @Override
    public void crossEntropy(
            Tensor losses, Tensor dLogits, Tensor logits, Tensor targets, Tensor weights) {}

    @Override
    public void projectedCrossEntropy(
            Tensor losses, Tensor hidden, Weight table, Tensor targets, Tensor weights) {
        note(table, WeightRole.TABLE);
        products += 2.0 * hidden.shape().size() * table.shape().rows();
    }

    @Override
    public void projectedCrossEntropyBackward(
            Tensor losses,
            Tensor dHidden,
            Tensor hidden,
            Weight table,
            Tensor targets,
            Tensor weights) {
        products += 6.0 * hidden.shape().size() * table.shape().rows();
    }

    @Override
    public double squaredNorm(List<Tensor> tensors) {
        return 0;
    }

    @Override
    public boolean isFinite(Tensor x) {
        return true;
    }

    @Override
    public void adamW(
            List<Weight> weights,
            List<Tensor> firstMoments,
            List<Tensor> secondMoments,
            AdamWStep step) {}

    @Override
    public void adamWCompact(
            List<Weight> weights,
            List<CompactMoment> firstMoments,
            List<CompactMoment> secondMoments,
            AdamWStep step) {}
}
