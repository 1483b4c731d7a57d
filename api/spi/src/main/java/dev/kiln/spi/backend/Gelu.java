package dev.kiln.spi.backend;

import dev.kiln.spi.Stable;

/** The two forms of the Gaussian error linear unit (Hendrycks and Gimpel, 2016). */
@Stable
public enum Gelu {
    /** 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³))): GPT-1, GPT-2, GPT-3. */
    TANH,
    /** 0.5 x (1 + erf(x / √2)). */
    ERF
}
