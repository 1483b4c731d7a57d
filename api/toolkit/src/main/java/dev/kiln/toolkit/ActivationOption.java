package dev.kiln.toolkit;

import dev.kiln.spi.backend.ActivationFunction;
import java.util.Arrays;
import java.util.Optional;

/** Activation functions by the words of options; of GELU there are two forms. */
public enum ActivationOption {
    GELU,
    QUICK_GELU,
    SILU,
    RELU,
    TANH;

    /** The function that a user chose. */
    public ActivationFunction function(GeluForm form) {
        return switch (this) {
            case GELU -> form.function();
            case QUICK_GELU -> ActivationFunction.QUICK_GELU;
            case SILU -> ActivationFunction.SILU;
            case RELU -> ActivationFunction.RELU;
            case TANH -> ActivationFunction.TANH;
        };
    }

    /** The option that chooses a function, whatever the form of GELU is. */
    public static ActivationOption of(ActivationFunction function) {
        return formOf(function).isPresent() ? GELU : valueOf(function.name());
    }

    /** The form of GELU that a function is, if it is one. */
    public static Optional<GeluForm> formOf(ActivationFunction function) {
        return Arrays.stream(GeluForm.values())
                .filter(form -> form.function() == function)
                .findFirst();
    }
}
