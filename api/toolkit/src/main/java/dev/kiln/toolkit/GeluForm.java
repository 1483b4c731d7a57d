package dev.kiln.toolkit;

import dev.kiln.spi.backend.ActivationFunction;

/** How GELU is computed, by the words of options. */
public enum GeluForm {
    TANH(ActivationFunction.GELU_TANH),
    ERF(ActivationFunction.GELU_ERF);

    private final ActivationFunction function;

    GeluForm(ActivationFunction function) {
        this.function = function;
    }

    ActivationFunction function() {
        return function;
    }
}
