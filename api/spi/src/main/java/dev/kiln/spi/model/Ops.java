package dev.kiln.spi.model;

import dev.kiln.spi.Experimental;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.util.function.UnaryOperator;

/**
 * What a model is written in: whole-tensor operations that return new tensors. The same model code
 * runs on a tape (training), directly (evaluation) and with a KV cache (generation); only the
 * {@code Ops} differ. Shapes and types are checked here.
 *
 * <p>An embedding has the type of the run's {@link dev.kiln.spi.backend.Precision}, what is computed
 * from an activation has that one's type, and logits and losses are FLOAT32.
 *
 * <p>Every operation throws {@link IllegalArgumentException} that names the operation and the shapes
 * or types when they do not fit. Tensors returned belong to the {@code Ops}; nobody else releases them. Used
 * by one thread at a time. Letters as in {@link dev.kiln.spi.backend.Backend}.
 */
@Experimental
public interface Ops {

    /** Rows of a table [V, C] for ids of any shape (INT32): [ids..., C]. */
    Tensor embedding(Weight table, Tensor ids);

    /** x[..., I] · weight[I, O] = [..., O]. */
    Tensor linear(Tensor x, Weight weight);

    /** x[..., I] · weight[I, O] + bias[O] = [..., O]. */
    Tensor linear(Tensor x, Weight weight, Weight bias);

    /** activation(x · weight + bias), which a backend may fuse. */
    Tensor linearActivation(Tensor x, Weight weight, Weight bias, ActivationFunction function);

    /** Element by element. */
    Tensor activation(Tensor x, ActivationFunction function);

    /** Layer normalization over the last dimension (Ba et al., 2016); gain and bias [C]. */
    Tensor layerNorm(Tensor x, Weight gain, Weight bias, double epsilon);

    /** a + b, of one shape and type. */
    Tensor add(Tensor a, Tensor b);

    /** a · b element by element, of one shape and type. */
    Tensor multiply(Tensor a, Tensor b);

    /** factor · x. */
    Tensor scale(Tensor x, double factor);

    /** Inverted dropout while training, else x itself. */
    Tensor dropout(Tensor x, double rate);

    /**
     * Inverted dropout of a weight's elements while training, else the weight itself. Within one
     * pass the same weight always gives the same result, so that all its uses share one mask, as
     * GPT-1's released code does with its embedding matrix.
     */
    Weight dropout(Weight weight, double rate);

    /** Multi-head attention, qkv[B, T, 3C] to [B, T, C]. */
    Tensor attention(Tensor qkv, Attention attention);

    /** Rows of x[..., C], seen as [N, C], at the indices rows[R] (INT32): [R, C]. */
    Tensor gather(Tensor x, Tensor rows);

    /** The elements of x, in their order, in another shape of the same size. */
    Tensor reshape(Tensor x, Shape shape);

    /** x[N · count, C], seen as a matrix, to [N, C]: each the sum of {@code count} rows that follow each other. */
    Tensor sumRows(Tensor x, int count);

    /** hidden[..., C] · tableᵀ for a table [V, C]: [N, V]. Not differentiable; for predictions. */
    Tensor logits(Tensor hidden, Weight table);

    /**
     * A term of the objective: hidden[..., C] projected on a table [V, C] and scored against
     * targets[N]. Returns the losses [N], each times its weight; training minimizes their sum.
     */
    Tensor projectedCrossEntropy(Tensor hidden, Weight table, Tensor targets, Tensor weights);

    /** A term of the objective, as above, from logits[N, K] that are small enough to keep. */
    Tensor crossEntropy(Tensor logits, Tensor targets, Tensor weights);

    /**
     * Runs one block of a deep model. Only its result is kept: while not training, what the body
     * made is released at its end; on a tape it may be released and computed anew for backward.
     */
    Tensor block(Tensor x, UnaryOperator<Tensor> body);
}
