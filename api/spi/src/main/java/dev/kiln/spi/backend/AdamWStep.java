package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/**
 * The numbers of one AdamW update (Loshchilov and Hutter, 2019, algorithm 2), as PyTorch applies
 * them.
 *
 * @param step 1 at the first update; used for the bias correction
 * @param weightDecay decoupled: the weight is first multiplied by {@code 1 - learningRate ×
 *     weightDecay}
 * @param gradientScale what gradients are multiplied by before use (clipping, accumulation)
 */
@Stable
public record AdamWStep(
        long step,
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double gradientScale) {}
