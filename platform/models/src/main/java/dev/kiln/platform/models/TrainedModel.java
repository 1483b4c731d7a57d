package dev.kiln.platform.models;

import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.HuggingFaceFolder;
import dev.kiln.platform.storage.TokenizerFiles;
import dev.kiln.platform.storage.WeightSource;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Extensions;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens the model of a run folder or of a Hugging Face folder. Thread-safe. */
public final class TrainedModel {
    /** The resolved config in a run folder. */
    public static final String CONFIG = "config.yaml";

    /** The folder of the tokenizer in a run folder. */
    public static final String TOKENIZER = "tokenizer";

    private final Extensions extensions;
    private final ConfigFiles configFiles;

    /** What a config says of the model, whatever else it says. */
    public record Parts(
            @Doc("the model family") Choice<ModelFamily> model,
            @Doc("the task head") @Default("language-model") Choice<TaskHead> head,
            @Doc("the tokenizer") Optional<Choice<Tokenizer>> tokenizer,
            @Doc("tokens that the model knows, where they are more than the tokenizer's")
                    Optional<Integer> vocabulary) {}

    @Inject
    public TrainedModel(Extensions extensions, ConfigFiles configFiles) {
        this.extensions = extensions;
        this.configFiles = configFiles;
    }

    /**
     * Builds the model and reads its weights. Where the folder has no tokenizer that Kiln reads, the
     * model's says so when it is asked for anything.
     *
     * @param folder a run folder or a Hugging Face folder
     * @param best whether to take a run's best checkpoint rather than the last
     * @param backend outlives the model
     * @param notice told of broken checkpoints that were skipped
     * @throws InvalidInput as {@link #find} and {@link OpenModel#of}
     */
    public OpenModel open(
            Path folder,
            boolean best,
            Context context,
            Backend backend,
            Precision precision,
            Consumer<String> notice)
            throws IOException {
        return OpenModel.of(find(folder, best, context, notice), context, backend, precision);
    }

    /**
     * Finds what a folder holds, without building the model; the caller closes it.
     *
     * @param best whether to take a run's best checkpoint rather than the last
     * @param notice told of broken checkpoints that were skipped, and of tensors that were left out
     * @throws InvalidInput when the folder is neither a run's with a whole checkpoint nor a whole
     *     Hugging Face folder; names file and tensor
     */
    public StoredModel find(Path folder, boolean best, Context context, Consumer<String> notice)
            throws IOException {
        if (Files.isRegularFile(folder.resolve(CONFIG))) {
            return run(folder, best, notice);
        }
        if (HuggingFaceFolder.looksLikeOne(folder)) {
            return new HuggingFaceModels(extensions, configFiles).open(folder, context, notice);
        }
        HuggingFaceModels.refuseAdapter(folder);
        if (!Files.isDirectory(folder)) {
            throw new InvalidInput(folder + ": no such folder; expected a model's");
        }
        throw new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s: has neither %s, as a run folder, nor %s, as a Hugging Face folder",
                        folder,
                        CONFIG,
                        HuggingFaceFolder.CONFIG));
    }

    /**
     * What a Hugging Face folder's {@code config.json} leaves to transformers' defaults, by key.
     *
     * @throws InvalidInput when no family reads it, or there is none
     */
    public Map<String, Object> assumed(Path folder) {
        return new HuggingFaceModels(extensions, configFiles).assumed(folder);
    }

    private StoredModel run(Path folder, boolean best, Consumer<String> notice) throws IOException {
        Path config = folder.resolve(CONFIG);
        Parts parts = configFiles.read(config, Parts.class);
        TokenizerFiles files = TokenizerFiles.of(folder.resolve(TOKENIZER));
        StoredTokenizer saved =
                parts.tokenizer().isPresent()
                        ? StoredTokenizer.read(factory(parts.tokenizer().get().name()), files)
                        : StoredTokenizer.none(folder, files);
        int vocabulary = vocabulary(config, parts, saved);
        StoredTokenizer tokenizer = HuggingFaceModels.fitted(saved, vocabulary, config, notice);
        Checkpoint checkpoint = checkpoint(folder, best, notice);
        return new StoredModel(
                folder,
                parts.model(),
                parts.head(),
                vocabulary,
                tokenizer,
                GenerationDefaults.read(folder),
                checkpoint.openWeights());
    }

    private static int vocabulary(Path config, Parts parts, StoredTokenizer tokenizer) {
        if (parts.vocabulary().isPresent()) {
            return parts.vocabulary().get();
        }
        if (parts.tokenizer().isEmpty()) {
            throw new InvalidInput(config + ": has neither tokenizer nor vocabulary");
        }
        return tokenizer.ifNeeded().vocabularySize();
    }

    /** The tokenizer that a run saved. */
    public Tokenizer tokenizer(Path runFolder, String name) throws IOException {
        return factory(name).load(runFolder.resolve(TOKENIZER));
    }

    private TokenizerFactory<?> factory(String name) {
        return extensions.find(TokenizerFactory.class, name);
    }

    private static Checkpoint checkpoint(Path runFolder, boolean best, Consumer<String> notice) {
        Checkpoints checkpoints = Checkpoints.ofModels(runFolder);
        Optional<Checkpoint> wanted = best ? checkpoints.best(notice) : Optional.empty();
        return wanted.or(() -> checkpoints.latest(notice))
                .orElseThrow(() -> new InvalidInput(runFolder + ": has no whole checkpoint"));
    }

    /**
     * Reads every weight.
     *
     * @throws InvalidInput when a tensor is missing or has another shape; names file and tensor
     */
    public static void read(WeightSource source, Parameters parameters, Backend backend) {
        for (Weight weight : parameters.all()) {
            backend.upload(weight.value(), source.floats(weight.name(), weight.shape()));
            backend.refresh(weight);
        }
    }
}
