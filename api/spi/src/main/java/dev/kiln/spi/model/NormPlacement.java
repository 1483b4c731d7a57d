package dev.kiln.spi.model;

import dev.kiln.spi.Stable;
import dev.kiln.spi.backend.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * How a sublayer, its normalization and its residual are composed. Immutable and thread-safe.
 *
 * <p>Post-norm (GPT-1) is {@code norm(x + sublayer(x))}, pre-norm (GPT-2, GPT-3) is {@code x +
 * sublayer(norm(x))}.
 */
@Stable
public interface NormPlacement {

    /**
     * One sublayer around x[B, T, C].
     *
     * @param norms {@link #normsPerSublayer} normalizations, each with weights of its own
     * @return [B, T, C]
     */
    Tensor apply(
            Ops ops, Tensor x, List<UnaryOperator<Tensor>> norms, UnaryOperator<Tensor> sublayer);

    /** Whether a normalization follows the last block. */
    boolean finalNorm();

    /** How many normalizations {@link #apply} wants; 0 or more. */
    default int normsPerSublayer() {
        return 1;
    }
}
