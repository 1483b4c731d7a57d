package dev.kiln.toolkit.huggingface;

import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Gelu;
import java.util.List;

/**
 * What a kind of config calls the two forms of GELU. Immutable.
 *
 * @param key where the config says it
 * @param names the first name of a form is the one that is written
 */
public record Activations(String key, List<Name> names) {
    /** The names of most kinds. */
    public static final Activations USUAL =
            new Activations(
                    "activation_function",
                    List.of(
                            new Name("gelu_new", Gelu.TANH),
                            new Name("gelu_pytorch_tanh", Gelu.TANH),
                            new Name("gelu", Gelu.ERF)));

    /** A form's name. */
    public record Name(String name, Gelu form) {}

    public Activations {
        names = List.copyOf(names);
    }

    Gelu read(HuggingFaceConfig config) {
        String word = config.word(key, names.stream().map(Name::name).toList());
        return names.stream()
                .filter(known -> known.name().equals(word))
                .findFirst()
                .orElseThrow()
                .form();
    }

    /**
     * @throws InvalidInput when there is no name for the form
     */
    String write(Gelu form, String type) {
        return names.stream()
                .filter(known -> known.form() == form)
                .findFirst()
                .orElseThrow(
                        () ->
                                new InvalidInput(
                                        "gelu: "
                                                + OptionWords.of(form)
                                                + " can't be said in a Hugging Face config of type "
                                                + type))
                .name();
    }
}
