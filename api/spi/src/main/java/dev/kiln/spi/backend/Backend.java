package dev.kiln.spi.backend;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.attention.AttentionLayout;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/**
 * Kernels on whole tensors, outputs first. A backend knows no graph and no model.
 *
 * <p><b>Bare kernels.</b> Shapes and types are checked by the caller (Kiln's {@code Ops} do so);
 * given others, a kernel's behaviour is undefined. Where nothing else is said tensors are FLOAT32,
 * and kernels read a tensor as rows × columns (see {@link Shape}). Letters: B sequences, T
 * positions, N = B·T, C width, H heads, V vocabulary.
 *
 * <p><b>Mixed precision.</b> A backend that declares BFLOAT16 takes activations in it: all of x, a,
 * b, out, before, qkv, hidden and of their gradients dX, dOut, dQkv, dHidden of one call, or none;
 * only matmul, gather and cast may mix types, as they say. Kernels compute in float32 or better and
 * round what they store to nearest even, once. A product's factors are bfloat16 where one of them
 * is: a FLOAT32 one beside it, such as a weight's master, is read rounded to nearest even. Biases
 * and gains are read as they are. Inside attention and the projected loss, probabilities and their
 * gradients may be rounded too on their way into a product. Weights' masters and gradients, {@code
 * sum}, statistics, logSumExp, logits, losses and the optimizer's state are FLOAT32 always; a cache
 * loses nothing of what qkv brings. {@link Precision} says what a model asks for.
 *
 * <p><b>Aliasing.</b> An output may be the same tensor as an input only where that is said.
 *
 * <p><b>Accumulation.</b> Gradients of weights are added to; all other outputs are overwritten.
 *
 * <p><b>Determinism.</b> The same calls with the same thread count give the same bits.
 *
 * <p><b>Threads.</b> Called by one thread at a time; a backend may use threads of its own inside a
 * kernel. A kernel may return before its work is done where only the backend sees the difference.
 *
 * <p>The naive reference backend of the testkit is the exact meaning of every kernel; {@code
 * BackendContract} compares with it.
 */
@Experimental
public interface Backend extends AutoCloseable {

    Capabilities capabilities();

    /**
     * Bytes that scopes and kernels can still take, from the backend's own memory or the process's;
     * {@link Long#MAX_VALUE} where that is not known.
     */
    default long availableBytes() {
        return Long.MAX_VALUE;
    }

    /**
     * Bytes that come to be kept of a {@link #weight} beside its master and gradient, for products in
     * a precision and their gradients.
     *
     * @param matrix the weight's shape, of rank 2
     */
    default long packedBytes(Shape matrix, Precision precision) {
        return 0;
    }

    /**
     * Bytes that come to be kept of a {@link #frozen} weight, beside its elements and scales where
     * they are, when products take it.
     *
     * @param matrix the weight's shape, of rank 2
     * @param table what products sum over, see {@link FrozenWeight}
     */
    default long packedBytes(Shape matrix, WeightFormat format, boolean table) {
        return 0;
    }

    /** A new lifetime for tensors; see {@link Scope}. */
    Scope scope();

    /**
     * A weight whose master holds zeros, and so does its gradient if it is trainable. It lives as
     * long as the scope.
     */
    Weight weight(Scope scope, String name, Shape shape, boolean trainable);

    /** Tells that a weight's master was written from outside of this backend's optimizer kernels. */
    default void refresh(Weight weight) {}

    /**
     * A matrix that is only read, for embedding, linear, linearActivation, logits and projectedCrossEntropy.
     * It has no master and no gradient: its {@code value} throws {@link IllegalStateException}. The
     * backend may read the elements where they are, so they must stay as long as the scope does, or
     * take a form of its own of them. Products with it take activations of either type, and widen the
     * elements rather than round the activations, which INT8 and INT4 alone may: to 8 bits a block.
     *
     * @throws InvalidInput when the backend does not have the format; see {@link
     *     Capabilities#weightFormats}
     */
    default Weight frozen(Scope scope, FrozenWeight content) {
        throw new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s: this backend keeps no %s weights",
                        content.name(),
                        content.format().name().toLowerCase(Locale.ROOT)));
    }

    /**
     * An empty cache that lives as long as the scope.
     *
     * @param type of the activations whose keys and values it takes
     * @param width of one layer's keys: heads times the size of a head
     */
    KvCache kvCache(Scope scope, DType type, int layers, int sequences, int capacity, int width);

    /** Gives all memory and threads back. */
    @Override
    void close();

    // Transfers. Elements as the tensor's type stores them, in native byte order.

    /** Copies {@code size × bytes} bytes from the start of a segment, heap or native. */
    void upload(Tensor out, MemorySegment source);

    /** Copies {@code size × bytes} bytes to the start of a segment, heap or native. */
    void download(MemorySegment out, Tensor source);

    /** To a FLOAT32 tensor. */
    default void upload(Tensor out, float... values) {
        upload(out, MemorySegment.ofArray(values));
    }

    /** To an INT32 tensor. */
    default void upload(Tensor out, int... values) {
        upload(out, MemorySegment.ofArray(values));
    }

    /** The elements of a FLOAT32 tensor, or those of a BFLOAT16 tensor widened. */
    default float[] floats(Tensor source) {
        float[] values = new float[Math.toIntExact(source.shape().size())];
        if (source.type() == DType.BFLOAT16) {
            short[] upperHalves = new short[values.length];
            download(MemorySegment.ofArray(upperHalves), source);
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat(upperHalves[i] << 16);
            }
        } else {
            download(MemorySegment.ofArray(values), source);
        }
        return values;
    }

    // Elementwise. Outputs may be inputs.

    /** out = value, of any type. */
    void fill(Tensor out, double value);

    /** out = x, of one size and type, whose shapes may differ. */
    void copy(Tensor out, Tensor x);

    /** out = x, between FLOAT32 and BFLOAT16, rounding to nearest even. */
    void cast(Tensor out, Tensor x);

    /** out = a + b. */
    void add(Tensor out, Tensor a, Tensor b);

    /** out = a · b, element by element. */
    void multiply(Tensor out, Tensor a, Tensor b);

    /** out = factor · x. */
    void scale(Tensor out, Tensor x, double factor);

    /** out = out + factor · x. */
    void addScaled(Tensor out, Tensor x, double factor);

    /** See {@link Dropout}; its own backward kernel. */
    void dropout(Tensor out, Tensor x, Dropout dropout);

    /** out = activation(x). */
    void activation(Tensor out, Tensor x, ActivationFunction function);

    /** dX = dOut · gelu'(x). dX may be dOut. */
    void activationBackward(Tensor dX, Tensor dOut, Tensor x, ActivationFunction function);

    // Products.

    /**
     * out[M, N] = alpha · op(a) · op(b) + beta · out, where op transposes if asked; op(a) is [M, K],
     * op(b) is [K, N]. With {@code beta == 0} the old contents are not read. Each of the three may be
     * FLOAT32 or BFLOAT16.
     */
    void matmul(
            Tensor out,
            Tensor a,
            boolean transposeA,
            Tensor b,
            boolean transposeB,
            double alpha,
            double beta);

    /** x[N, C] = x + bias[C], in place. */
    void addBias(Tensor x, Tensor bias);

    /** sum[C] = sum + the sum of the rows of x[N, C]. */
    void addRowSum(Tensor sum, Tensor x);

    /** out[N, O] = x[N, I] · weight[I, O]. */
    default void linear(Tensor out, Tensor x, Weight weight) {
        matmul(out, x, false, weight.value(), false, 1, 0);
    }

    /** out[N, O] = x[N, I] · weight[I, O] + bias[O]. */
    default void linear(Tensor out, Tensor x, Weight weight, Weight bias) {
        linear(out, x, weight);
        addBias(out, bias.value());
    }

    /** before = x · weight + bias; out = activation(before), as stored or not yet rounded. */
    default void linearActivation(
            Tensor out,
            Tensor before,
            Tensor x,
            Weight weight,
            Weight bias,
            ActivationFunction function) {
        linear(before, x, weight, bias);
        activation(out, before, function);
    }

    /** dX[N, I] = dOut[N, O] · weightᵀ. */
    default void linearBackwardInput(Tensor dX, Tensor dOut, Weight weight) {
        matmul(dX, dOut, false, weight.value(), true, 1, 0);
    }

    /** Adds xᵀ · dOut to the weight's gradient. */
    default void linearBackwardWeight(Weight weight, Tensor x, Tensor dOut) {
        matmul(weight.gradient(), x, true, dOut, false, 1, 1);
    }

    /** out[N, V] = hidden[N, C] · tableᵀ, for a table [V, C]: the output projection. */
    default void logits(Tensor out, Tensor hidden, Weight table) {
        matmul(out, hidden, false, table.value(), true, 1, 0);
    }

    // Rows.

    /** out[N, C] = the rows ids[N] (INT32) of table[V, C]; out may be BFLOAT16 alone. */
    void gather(Tensor out, Tensor table, Tensor ids);

    /** sum[V, C] = sum, plus row n of x[N, C] at row ids[n]; an id may come more than once. */
    void scatterAdd(Tensor sum, Tensor x, Tensor ids);

    /** Rows of an embedding. */
    default void embedding(Tensor out, Weight table, Tensor ids) {
        gather(out, table.value(), ids);
    }

    /**
     * out = (x - mean) · rstd · gain + bias over each row of x[N, C]; statistics[2, N] keeps the
     * rows' means, then their 1/√(variance + epsilon), with the variance over C (biased).
     */
    void layerNorm(
            Tensor out, Tensor statistics, Tensor x, Weight gain, Weight bias, double epsilon);

    /**
     * dX of {@link #layerNorm}; adds to the gradients of gain and bias where they are trainable. dX
     * may be dOut.
     */
    void layerNormBackward(
            Tensor dX, Tensor dOut, Tensor x, Tensor statistics, Weight gain, Weight bias);

    // Attention.

    /**
     * Multi-head attention over a layout. qkv[B, T, 3C] is the fused projection: queries, keys,
     * values, each [H, C/H] wide; out[B, T, C]. Leaves logSumExp[B, H, T] of the scaled visible
     * scores for backward. Never holds more than one layer's scores.
     */
    void attention(Tensor out, Tensor logSumExp, Tensor qkv, AttentionSpec spec);

    /** dQkv[B, T, 3C] of {@link #attention}. */
    void attentionBackward(
            Tensor dQkv, Tensor dOut, Tensor out, Tensor logSumExp, Tensor qkv, AttentionSpec spec);

    /**
     * Attention with a cache. Sequence b brings {@code layouts[b].queries()} new positions: their
     * keys and values are written behind {@code cache.length(b)} of that layer, and they attend to
     * all {@code layouts[b].keys() = cache.length(b) + queries} that their layout shows. In
     * qkv[N, 3C] and out[N, C] a sequence's new positions follow those of the one before it, without
     * gaps; N, the product of the leading dimensions, is their number. Lengths of the cache stay as
     * they are.
     *
     * <p>A call that does not fit its cache is refused, for it would write to other memory: a model of
     * a plugin may attend wider than its {@code ModelShape} says.
     *
     * @param layouts one a sequence
     * @throws IllegalArgumentException when the cache has another width or another number of
     *     sequences, no such layer, or no room for the positions
     */
    void cachedAttention(
            Tensor out,
            Tensor qkv,
            KvCache cache,
            int layer,
            AttentionLayout[] layouts,
            int heads,
            double scale);

    // Losses. targets are INT32 [N] in [0, V); weights are FLOAT32 [N].

    /**
     * losses[n] = weights[n] · -log softmax(logits[n])[targets[n]], and dLogits = the gradient of
     * the sum of the losses. dLogits may be logits.
     */
    void crossEntropy(Tensor losses, Tensor dLogits, Tensor logits, Tensor targets, Tensor weights);

    /**
     * The output projection and its loss in one: losses[N] as {@link #crossEntropy} of hidden[N, C]
     * · tableᵀ, table [V, C], without ever keeping [N, V].
     */
    void projectedCrossEntropy(
            Tensor losses, Tensor hidden, Weight table, Tensor targets, Tensor weights);

    /**
     * As {@link #projectedCrossEntropy}, and the gradients of the sum of the losses: dHidden[N, C],
     * and the table's, which is added to where it is trainable.
     */
    void projectedCrossEntropyBackward(
            Tensor losses,
            Tensor dHidden,
            Tensor hidden,
            Weight table,
            Tensor targets,
            Tensor weights);

    // Optimization.

    /** The sum of the squares of all elements of all tensors. */
    double squaredNorm(List<Tensor> tensors);

    /** Whether no element is NaN or infinite. */
    boolean isFinite(Tensor x);

    /** Updates weights and moments (each of its weight's shape); {@link AdamWStep} says how. */
    void adamW(
            List<Weight> weights,
            List<Tensor> firstMoments,
            List<Tensor> secondMoments,
            AdamWStep step);

    /**
     * As {@link #adamW} with moments of one byte an element, for a backend whose scopes have UINT8.
     * A moment is decoded, updated in float32 and used so for the weight, then coded anew. Its
     * magnitude lies between those of two codes and gets the upper one with the probability that
     * makes it the mean, so that small changes are not lost; a second moment above zero keeps a code
     * above zero. The upper one is taken where a number in [0, 1) is below that probability: for a
     * first moment the upper and for a second one the lower 16 bits of {@code Randomness.bits32} over
     * 2¹⁶, its key {@code Randomness.key(step.step(), name)} of the weight and its counter the
     * element's index. So a run can be repeated.
     */
    default void adamWCompact(
            List<Weight> weights,
            List<CompactMoment> firstMoments,
            List<CompactMoment> secondMoments,
            AdamWStep step) {
        throw new InvalidInput("this backend has no 8-bit optimizer state");
    }
}
