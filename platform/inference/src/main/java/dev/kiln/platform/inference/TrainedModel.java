package dev.kiln.platform.inference;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.Extensions;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.spi.text.TokenizerFactory;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens the model that a run left in its folder. Thread-safe. */
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
            @Doc("the tokenizer") Choice<Tokenizer> tokenizer) {}

    @Inject
    public TrainedModel(Extensions extensions, ConfigFiles configFiles) {
        this.extensions = extensions;
        this.configFiles = configFiles;
    }

    /**
     * Builds the model and reads its weights.
     *
     * @param best whether to take the best checkpoint rather than the last
     * @param scope how long the weights live
     * @param notice told of broken checkpoints that were skipped
     * @throws InvalidInput when the folder is not a run's, or has no whole checkpoint
     */
    public LanguageModel open(
            Path runFolder,
            boolean best,
            Context context,
            Backend backend,
            Precision precision,
            Scope scope,
            Consumer<String> notice)
            throws IOException {
        if (!Files.isRegularFile(runFolder.resolve(CONFIG))) {
            throw new InvalidInput(runFolder + ": not a run folder: it has no " + CONFIG);
        }
        Parts parts = configFiles.read(runFolder.resolve(CONFIG), Parts.class);
        Tokenizer tokenizer = tokenizer(runFolder, parts.tokenizer().name());
        Checkpoint checkpoint = checkpoint(runFolder, best, notice);
        Parameters parameters = new Parameters(backend, scope, context.seed(), false);
        Model model = parts.model().create(context).build(parameters, tokenizer.vocabularySize());
        TaskHead.Attached head = parts.head().create(context).attach(parameters.in("head"), model);
        try (SafetensorsFile file = checkpoint.openModel()) {
            read(file, parameters, backend);
        }
        return new LanguageModel(backend, precision, model, head, tokenizer, new Layouts());
    }

    /** The tokenizer that a run saved. */
    public Tokenizer tokenizer(Path runFolder, String name) throws IOException {
        return extensions.find(TokenizerFactory.class, name).load(runFolder.resolve(TOKENIZER));
    }

    private static Checkpoint checkpoint(Path runFolder, boolean best, Consumer<String> notice) {
        Checkpoints checkpoints = new Checkpoints(runFolder, 1);
        Optional<Checkpoint> wanted = best ? checkpoints.best(notice) : Optional.empty();
        return wanted.or(() -> checkpoints.latest(notice))
                .orElseThrow(() -> new InvalidInput(runFolder + ": has no whole checkpoint"));
    }

    /**
     * Reads every weight from a file.
     *
     * @throws InvalidInput when a tensor is missing or has another shape; names file and tensor
     */
    public static void read(SafetensorsFile file, Parameters parameters, Backend backend) {
        for (Weight weight : parameters.all()) {
            backend.upload(weight.value(), file.floats(weight.name(), weight.shape()));
            backend.refresh(weight);
        }
    }
}
