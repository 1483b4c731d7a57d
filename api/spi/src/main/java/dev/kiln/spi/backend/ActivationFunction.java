package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/** What a feed-forward layer applies to each element between its two products. */
@Stable
public enum ActivationFunction {
    /** 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))): GELU as GPT-1, GPT-2 and GPT-3 compute it. */
    GELU_TANH,
    /** 0.5 x (1 + erf(x / √2)): GELU as it is defined (Hendrycks and Gimpel, 2016). */
    GELU_ERF,
    /** x σ(1.702 x), GELU's other approximation; σ(y) = 1 / (1 + e^(-y)). */
    QUICK_GELU,
    /** x σ(x), also called swish. */
    SILU,
    /** max(x, 0); its slope at 0 is 0. */
    RELU,
    /** tanh(x). */
    TANH
}
