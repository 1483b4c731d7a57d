package dev.kiln.platform.models;

import dev.kiln.platform.storage.HuggingFaceFolder;
import dev.kiln.spi.InvalidInput;
import dev.kiln.toolkit.huggingface.HuggingFaceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a model is meant to generate, as the configs of its folder say. Immutable.
 *
 * @param ids as they are written there: some may be outside of the vocabulary
 * @param settings all else, JSON values by the keys of {@code generation_config.json}; kept for an
 *     export, Kiln itself generates as its recipes say
 */
public record GenerationDefaults(SpecialIds ids, Map<String, Object> settings) {
    /** Nothing is said. */
    public static final GenerationDefaults NONE = new GenerationDefaults(SpecialIds.NONE, Map.of());

    private static final String BEGINNING = "bos_token_id";
    private static final String END = "eos_token_id";
    private static final String PADDING = "pad_token_id";

    /** Marks a file that follows the model's config, and says nothing of how to generate. */
    private static final String DERIVED = "_from_model_config";

    /** What older folders say of generation in {@code config.json}. */
    private static final Set<String> IN_CONFIG =
            Set.of(
                    "do_sample",
                    "early_stopping",
                    "length_penalty",
                    "max_length",
                    "min_length",
                    "no_repeat_ngram_size",
                    "num_beams",
                    "num_return_sequences",
                    "repetition_penalty",
                    "temperature",
                    "top_k",
                    "top_p");

    public GenerationDefaults {
        settings = Map.copyOf(settings);
    }

    /**
     * Those of a Hugging Face folder: what {@code generation_config.json} says wins over {@code
     * config.json}.
     *
     * @param config what {@code config.json} says
     * @throws InvalidInput when an id is no whole number or list of them; names file and key
     */
    static GenerationDefaults of(Path folder, Map<String, Object> config) {
        SpecialIds ids = ids(config, folder.resolve(HuggingFaceFolder.CONFIG));
        if (Files.exists(folder.resolve(HuggingFaceFolder.GENERATION))) {
            GenerationDefaults own = read(folder);
            return new GenerationDefaults(own.ids.or(ids), own.settings);
        }
        Map<String, Object> settings = new LinkedHashMap<>(config);
        settings.keySet().retainAll(IN_CONFIG);
        return new GenerationDefaults(ids, settings);
    }

    /**
     * Those of {@code generation_config.json}, of a run folder too; none where there is no such file.
     *
     * @throws InvalidInput when it is broken, or an id is no whole number or list of them
     */
    static GenerationDefaults read(Path folder) {
        Path file = folder.resolve(HuggingFaceFolder.GENERATION);
        if (!Files.exists(file)) {
            return NONE;
        }
        Map<String, Object> all = HuggingFaceFolder.generation(folder);
        SpecialIds ids = ids(all, file);
        all.keySet().removeAll(Set.of(BEGINNING, END, PADDING, DERIVED));
        return new GenerationDefaults(ids, all);
    }

    private static SpecialIds ids(Map<String, Object> values, Path file) {
        Object end = values.getOrDefault(END, List.of());
        return new SpecialIds(
                id(values, BEGINNING, file),
                (end instanceof List<?> list ? list : List.of(end))
                        .stream().map(id -> id(id, END, file)).toList(),
                id(values, PADDING, file));
    }

    private static OptionalInt id(Map<String, Object> values, String key, Path file) {
        return values.containsKey(key)
                ? OptionalInt.of(id(values.get(key), key, file))
                : OptionalInt.empty();
    }

    private static int id(Object value, String key, Path file) {
        if (value instanceof Integer id) {
            return id;
        }
        InvalidInput problem =
                new HuggingFaceConfig(Map.of(key, value), Map.of()).refusal(key, "a token's id");
        throw new InvalidInput(file + ": " + problem.getMessage(), problem);
    }

    /** The ids that there are, by their keys in both configs; several ends as a list. */
    public Map<String, Object> idsByKey() {
        Map<String, Object> keys = new TreeMap<>();
        ids.beginning().ifPresent(id -> keys.put(BEGINNING, id));
        if (!ids.ends().isEmpty()) {
            keys.put(END, ids.ends().size() == 1 ? ids.ends().getFirst() : ids.ends());
        }
        ids.padding().ifPresent(id -> keys.put(PADDING, id));
        return keys;
    }

    /** Writes {@code generation_config.json}; nothing where nothing is said. */
    public void write(Path folder) throws IOException {
        Map<String, Object> all = new TreeMap<>(settings);
        all.putAll(idsByKey());
        if (!all.isEmpty()) {
            HuggingFaceFolder.write(folder.resolve(HuggingFaceFolder.GENERATION), all);
        }
    }
}
