package dev.kiln.platform.cli;

import dev.kiln.platform.config.DefaultOptions;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.Spelling;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds a model's tokenizer and loads nothing else of the model. */
final class ModelTokenizer {
    private final KilnRuntime kiln;

    /** What a run folder's config says of its tokenizer. */
    record Part(@Doc("the tokenizer") Optional<Choice<Tokenizer>> tokenizer) {}

    /** A tokenizer with its factory's name. */
    record Named(String name, Tokenizer tokenizer) {}

    ModelTokenizer(KilnRuntime kiln) {
        this.kiln = kiln;
    }

    /**
     * The tokenizer of a run folder or a Hugging Face folder, else the one of this name.
     *
     * @throws InvalidInput when it is neither, or the folder has no tokenizer, or the named one has
     *     to be learned from a corpus
     */
    Tokenizer find(String model) throws IOException {
        Path folder = LookContext.here().resolve(model);
        if (Files.isDirectory(folder)) {
            return in(folder).orElseThrow(() -> none(folder)).tokenizer();
        }
        Set<String> names = kiln.catalog().names(TokenizerFactory.class);
        if (!names.contains(model)) {
            String nearest =
                    Spelling.nearest(model, names)
                            .map(value -> String.format(Locale.ROOT, "did you mean '%s'? ", value))
                            .orElse("");
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: there is no such folder, nor a tokenizer of this name; %sthere are: %s",
                            model,
                            nearest,
                            String.join(", ", names)));
        }
        return create(kiln.catalog().find(TokenizerFactory.class, model));
    }

    private Tokenizer create(TokenizerFactory<?> factory) {
        try {
            return DefaultOptions.choose(factory, kiln.catalog()).create(LookContext.here());
        } catch (InvalidInput e) {
            throw new InvalidInput("tokenizer " + factory.name() + ": " + e.getMessage(), e);
        }
    }

    /** The tokenizer of a run folder or a Hugging Face folder, if it has one that Kiln reads. */
    Optional<Named> in(Path folder) throws IOException {
        Path config = folder.resolve(TrainedModel.CONFIG);
        if (Files.isRegularFile(config)) {
            ConfigFiles configs = kiln.injector().getInstance(ConfigFiles.class);
            Optional<Choice<Tokenizer>> choice = configs.read(config, Part.class).tokenizer();
            return choice.isPresent()
                    ? Optional.of(load(choice.get().name(), folder.resolve(TrainedModel.TOKENIZER)))
                    : Optional.empty();
        }
        for (String name : kiln.catalog().names(TokenizerFactory.class)) {
            if (kiln.catalog().find(TokenizerFactory.class, name).recognizes(folder)) {
                return Optional.of(load(name, folder));
            }
        }
        return Optional.empty();
    }

    private Named load(String name, Path folder) throws IOException {
        return new Named(name, kiln.catalog().find(TokenizerFactory.class, name).load(folder));
    }

    private static InvalidInput none(Path folder) {
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s: has no tokenizer that Kiln reads: expected a run folder with a tokenizer, or a"
                                + " Hugging Face folder with a tokenizer's files",
                        folder));
    }
}
