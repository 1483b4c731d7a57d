package dev.kiln.spi.model;

import dev.kiln.spi.Factory;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Stable;
import java.util.Map;
import java.util.Set;

/** Extension point: a model family. */
@Stable
public interface ModelFamilyFactory<O extends Record> extends Factory<O, ModelFamily> {

    /** Every {@code model_type} of a Hugging Face {@code config.json} that this family reads. */
    default Set<String> huggingFaceTypes() {
        return Set.of();
    }

    /**
     * The options that a {@code config.json} of such a type asks for, as YAML would give them:
     * scalars, lists and maps; what is left out has its default.
     *
     * @param config JSON values by key; a key whose value is null is not there
     * @throws InvalidInput when the config asks for what this family can't do; names the key
     */
    default Map<String, Object> huggingFaceOptions(Map<String, Object> config) {
        throw new InvalidInput("model '" + name() + "' reads no Hugging Face config");
    }

    /**
     * What {@link #huggingFaceOptions} took for keys that a config does not have: the values that
     * the reference implementation has for them, by key.
     *
     * @param config as above
     */
    default Map<String, Object> huggingFaceDefaults(Map<String, Object> config) {
        return Map.of();
    }
}
