package dev.kiln.toolkit.huggingface;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.ActivationFunction;
import java.util.List;

/**
 * What a kind of config calls activation functions. Immutable.
 *
 * @param key where the config says it
 * @param names the first name of a function is the one that is written
 */
public record ActivationNames(String key, List<Name> names) {
    /** The names of most kinds, of transformers' table {@code ACT2FN}. */
    public static final ActivationNames USUAL =
            new ActivationNames(
                    "activation_function",
                    List.of(
                            new Name("gelu_new", ActivationFunction.GELU_TANH),
                            new Name("gelu_pytorch_tanh", ActivationFunction.GELU_TANH),
                            new Name("gelu_fast", ActivationFunction.GELU_TANH),
                            new Name("gelu_accurate", ActivationFunction.GELU_TANH),
                            new Name("gelu_python_tanh", ActivationFunction.GELU_TANH),
                            new Name("gelu", ActivationFunction.GELU_ERF),
                            new Name("gelu_python", ActivationFunction.GELU_ERF),
                            new Name("quick_gelu", ActivationFunction.QUICK_GELU),
                            new Name("silu", ActivationFunction.SILU),
                            new Name("swish", ActivationFunction.SILU),
                            new Name("relu", ActivationFunction.RELU),
                            new Name("tanh", ActivationFunction.TANH)));

    /** A function's name. */
    public record Name(String name, ActivationFunction function) {}

    public ActivationNames {
        names = List.copyOf(names);
    }

    ActivationFunction read(HuggingFaceConfig config) {
        String word = config.word(key, names.stream().map(Name::name).toList());
        return names.stream()
                .filter(known -> known.name().equals(word))
                .findFirst()
                .orElseThrow()
                .function();
    }

    /**
     * @throws InvalidInput when there is no name for the function
     */
    String write(ActivationFunction function, String type) {
        return names.stream()
                .filter(known -> known.function() == function)
                .findFirst()
                .orElseThrow(
                        () ->
                                new InvalidInput(
                                        "activation: "
                                                + OptionWords.of(function)
                                                + " can't be said in a Hugging Face config of type "
                                                + type))
                .name();
    }
}
