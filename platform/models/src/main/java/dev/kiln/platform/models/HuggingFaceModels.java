package dev.kiln.platform.models;

import dev.kiln.platform.storage.DifferentCopy;
import dev.kiln.platform.storage.HuggingFaceFolder;
import dev.kiln.platform.storage.HuggingFaceWeights;
import dev.kiln.platform.storage.TokenizerFiles;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Extensions;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Spelling;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelFamilyFactory;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.toolkit.Blueprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Finds out what a Hugging Face folder holds. Thread-safe. */
final class HuggingFaceModels {
    private static final String TIED = "tie_word_embeddings";
    private static final String ADAPTER = "adapter_config.json";

    private final Extensions extensions;
    private final ConfigFiles configFiles;

    HuggingFaceModels(Extensions extensions, ConfigFiles configFiles) {
        this.extensions = extensions;
        this.configFiles = configFiles;
    }

    /** What the config of a language model amounts to. */
    record Parts(Choice<ModelFamily> model, @Default("language-model") Choice<TaskHead> head) {}

    /**
     * Opens a folder and compares its tensors with the model that its config describes.
     *
     * @param notice told of what was left out or taken otherwise than the config says
     * @throws InvalidInput when no family reads it, or it does not fit; names file, key and tensor
     */
    StoredModel open(Path folder, Context context, Consumer<String> notice) throws IOException {
        refuseAdapter(folder);
        Map<String, Object> config = HuggingFaceFolder.config(folder);
        try {
            return open(folder, config, context, notice);
        } catch (DifferentCopy e) {
            if (!config.getOrDefault(TIED, true).equals(true)) {
                throw e;
            }
            notice.accept(
                    e.getMessage()
                            + "; as in transformers, it is an output head of its own, whatever "
                            + TIED
                            + " says");
            config.put(TIED, false);
            return open(folder, config, context, notice);
        }
    }

    private StoredModel open(
            Path folder, Map<String, Object> config, Context context, Consumer<String> notice)
            throws IOException {
        Path file = folder.resolve(HuggingFaceFolder.CONFIG);
        ModelFamilyFactory<?> factory = family(config, file);
        int vocabulary = vocabulary(config, file);
        Parts parts = parts(factory, config, file);
        StoredTokenizer tokenizer = fitted(tokenizer(folder), vocabulary, file, notice);
        GenerationDefaults generation = GenerationDefaults.of(folder, config);
        ModelFamily family = parts.model().create(context);
        HuggingFaceWeights weights =
                HuggingFaceWeights.open(
                        folder, family.huggingFace(vocabulary), shapes(family, vocabulary));
        weights.notices().forEach(notice);
        return new StoredModel(
                folder, parts.model(), parts.head(), vocabulary, tokenizer, generation, weights);
    }

    /** What a folder's config leaves to transformers' defaults, by key. */
    Map<String, Object> assumed(Path folder) {
        Map<String, Object> config = HuggingFaceFolder.config(folder);
        return family(config, folder.resolve(HuggingFaceFolder.CONFIG)).huggingFaceDefaults(config);
    }

    /** Without its adapter a model would be another. */
    static void refuseAdapter(Path folder) {
        if (Files.exists(folder.resolve(ADAPTER))) {
            throw new InvalidInput(
                    folder.resolve(ADAPTER)
                            + ": is a peft adapter, and Kiln would leave it out; peft merges it:"
                            + " python -c \"from peft import AutoPeftModelForCausalLM as M;"
                            + " M.from_pretrained('"
                            + folder
                            + "').merge_and_unload().save_pretrained('merged')\"");
        }
    }

    private static Map<String, Shape> shapes(ModelFamily family, int vocabulary) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Blueprint.of(family, vocabulary)
                .parts()
                .forEach((name, part) -> shapes.put(name, part.shape()));
        return shapes;
    }

    /**
     * A tokenizer as its model can use it.
     *
     * @param file that says how many tokens the model knows
     * @param notice told why it is not read, or that it has more ids
     */
    static StoredTokenizer fitted(
            StoredTokenizer tokenizer, int vocabulary, Path file, Consumer<String> notice) {
        if (!tokenizer.isAbsent()) {
            tokenizer.problem().ifPresent(notice);
        }
        if (tokenizer.ids() > vocabulary) {
            notice.accept(
                    String.format(
                            Locale.ROOT,
                            "%s: the model's vocabulary has %,d tokens, fewer than the tokenizer's"
                                    + " %,d: a text that needs one of the others is refused",
                            file,
                            vocabulary,
                            tokenizer.ids()));
        }
        return tokenizer.within(vocabulary);
    }

    private Parts parts(ModelFamilyFactory<?> factory, Map<String, Object> config, Path file) {
        Map<String, Object> options;
        try {
            options = factory.huggingFaceOptions(config);
        } catch (InvalidInput e) {
            throw new InvalidInput(file + ": " + e.getMessage(), e);
        }
        String text = HuggingFaceFolder.json(Map.of("model", Map.of(factory.name(), options)));
        Path name = Path.of(file + " (as options of " + factory.name() + ")");
        try {
            return configFiles.parse(text, name, Parts.class);
        } catch (InvalidInput e) {
            // The column is one of the options' text, which nobody has seen.
            throw new InvalidInput(e.getMessage().replaceFirst(":1:\\d+(?=:)", ""), e);
        }
    }

    private ModelFamilyFactory<?> family(Map<String, Object> config, Path file) {
        Map<String, ModelFamilyFactory<?>> known = new TreeMap<>();
        for (String name : extensions.names(ModelFamilyFactory.class)) {
            ModelFamilyFactory<?> factory = extensions.find(ModelFamilyFactory.class, name);
            factory.huggingFaceTypes().forEach(type -> known.putIfAbsent(type, factory));
        }
        if (!(config.get("model_type") instanceof String type)) {
            throw new InvalidInput(file + ": expected a text 'model_type'");
        }
        return Optional.<ModelFamilyFactory<?>>ofNullable(known.get(type))
                .orElseThrow(() -> unknown(type, known, file));
    }

    private static InvalidInput unknown(
            String type, Map<String, ModelFamilyFactory<?>> known, Path file) {
        String nearest =
                Spelling.nearest(type, known.keySet())
                        .map(value -> String.format(Locale.ROOT, "did you mean '%s'? ", value))
                        .orElse("");
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s: no model family reads model_type '%s'; %sthere are: %s",
                        file,
                        type,
                        nearest,
                        String.join(", ", known.keySet())));
    }

    private static int vocabulary(Map<String, Object> config, Path file) {
        if (config.get("vocab_size") instanceof Integer size && size > 0) {
            return size;
        }
        throw new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s: expected a whole number 'vocab_size' from 1 on, found %s",
                        file,
                        config.getOrDefault("vocab_size", "none")));
    }

    /** The tokenizer whose files lie in a folder, of the first kind that knows them. */
    private StoredTokenizer tokenizer(Path folder) throws IOException {
        TokenizerFiles files = TokenizerFiles.ofHuggingFace(folder);
        for (String name : extensions.names(TokenizerFactory.class)) {
            TokenizerFactory<?> factory = extensions.find(TokenizerFactory.class, name);
            if (factory.recognizes(folder)) {
                return StoredTokenizer.read(factory, files);
            }
        }
        return StoredTokenizer.none(folder, files);
    }
}
