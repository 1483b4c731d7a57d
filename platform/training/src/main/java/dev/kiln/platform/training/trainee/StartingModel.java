package dev.kiln.platform.training.trainee;

import dev.kiln.platform.models.GenerationDefaults;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.StoredModel.SavedTokenizer;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.NewFolder;
import dev.kiln.spi.Choice;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.text.Tokenizer;
import dev.kiln.toolkit.Blueprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The model that a run begins with, before anything of it is allocated. Used by one thread.
 *
 * @param vocabulary tokens that it knows, where that is said; at least the tokenizer's
 * @param stored where its weights are read from; empty where they are drawn at random, or come from a
 *     checkpoint of the run itself
 */
public record StartingModel(
        Choice<ModelFamily> model,
        SavedTokenizer tokenizer,
        int vocabulary,
        Optional<StoredModel> stored)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StartingModel.class);

    /**
     * That of a run folder or a Hugging Face folder.
     *
     * @param from where the model is
     * @param best whether to take a run's best checkpoint rather than the last
     * @throws InvalidInput when there is no such model, or its tokenizer can't be read
     */
    public static StartingModel find(
            String from, boolean best, TrainedModel trained, Context context) throws IOException {
        Path folder = context.resolve(from);
        StoredModel stored = trained.find(folder, best, context, LOG::warn);
        if (stored.tokenizer().isEmpty()) {
            String problem = stored.text().problem().orElseThrow();
            stored.close();
            throw new InvalidInput(problem + ", and training needs one");
        }
        return new StartingModel(
                stored.model(), stored.tokenizer().get(), stored.vocabulary(), Optional.of(stored));
    }

    /** With more tokens, or fewer, than its own. */
    public StartingModel with(int otherVocabulary) {
        return new StartingModel(model, tokenizer, otherVocabulary, stored);
    }

    /** What turns text into its tokens. */
    public Trainee.Text text() {
        return stored.map(some -> new Trainee.Text(tokenizer.tokenizer(), some.specialIds()))
                .orElseGet(() -> Trainee.Text.of(tokenizer.tokenizer()));
    }

    /** What is kept of generation. */
    GenerationDefaults generation() {
        return stored.map(StoredModel::generation).orElse(GenerationDefaults.NONE);
    }

    /**
     * Checks that a config that says what {@code from} is says the same as it.
     *
     * @param saidModel of the config, if it says one
     * @param saidTokenizer as saidModel
     * @param saidVocabulary as saidModel
     */
    public void requireAs(
            String from,
            Optional<Choice<ModelFamily>> saidModel,
            Optional<Choice<Tokenizer>> saidTokenizer,
            Optional<Integer> saidVocabulary) {
        if (saidModel.isPresent() && !saidModel.get().equals(model)) {
            throw new InvalidInput(from + ": its model is not the one of the config");
        }
        if (saidTokenizer.isPresent() && !saidTokenizer.get().name().equals(tokenizer.name())) {
            throw new InvalidInput(
                    from
                            + ": its tokenizer is '"
                            + tokenizer.name()
                            + "', the config says '"
                            + saidTokenizer.get().name()
                            + "'");
        }
        if (saidVocabulary.isPresent() && saidVocabulary.get() != vocabulary) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: gives a vocabulary of %,d, the config says %,d",
                            from,
                            vocabulary,
                            saidVocabulary.get()));
        }
    }

    /**
     * Checks that a recipe fits the model.
     *
     * @throws InvalidInput as {@link TraineeRecipe#check}
     */
    public void check(TraineeRecipe recipe, TransferOptions transfer, Context context) {
        ModelFamily family = model.create(context);
        recipe.check(
                family,
                stored.map(_ -> transfer),
                Blueprint.of(family, recipe.vocabulary()).parts().keySet());
    }

    /** Carries the stored weights over, if there are any. */
    public void into(Trainee trainee, TransferOptions transfer, Context context) {
        if (stored.isPresent()) {
            ModelFamily family = model.create(context);
            Map<String, Blueprint.Part> parts =
                    Blueprint.of(family, stored.get().vocabulary()).parts();
            new Transfer(stored.get(), family, parts, trainee.backend())
                    .into(trainee.parameters().all(), transfer);
        }
    }

    /** Keeps what a run folder needs before its weights are there. */
    public void keep(Path folder) throws IOException {
        Path target = folder.resolve(TrainedModel.TOKENIZER);
        if (Files.exists(target)) {
            // Left by a run that was killed before it began.
            Files.move(target, Files.createTempDirectory(folder, "tokenizer-old-").resolve("of"));
        }
        NewFolder.write(target, tokenizer.tokenizer()::save);
        generation().write(folder);
        new Checkpoints(folder, 1).create();
    }

    /** What {@link #keep} writes. */
    public static Set<String> kept() {
        return Set.of(TrainedModel.TOKENIZER, "checkpoints", "generation_config.json");
    }

    @Override
    public void close() {
        stored.ifPresent(StoredModel::close);
    }
}
