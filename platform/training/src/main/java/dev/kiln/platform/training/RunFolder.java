package dev.kiln.platform.training;

import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.platform.storage.AtomicFile;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.FolderLock;
import dev.kiln.platform.storage.NewFolder;
import dev.kiln.platform.training.resume.KeptRecipe;
import dev.kiln.platform.training.resume.RecipeChange;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The folder of a run: made once, never overwritten, continued only when asked. */
final class RunFolder {
    private static final String ENVIRONMENT = "environment.txt";

    /** What a kill may leave before the config is there. */
    private static final String LEFTOVER =
            "\\.?tokenizer.*|checkpoints|environment\\.txt|generation_config\\.json"
                    + "|\\.(environment\\.txt|generation_config\\.json|config\\.yaml).*";

    private final Path folder;
    private final KeptRecipe recipe;

    /**
     * @param run name of the run's kind
     */
    RunFolder(Context context, ConfigFiles configFiles, String run) {
        this.folder = context.runFolder();
        recipe = new KeptRecipe(configFiles, run, context);
    }

    Path path() {
        return folder;
    }

    KeptRecipe recipe() {
        return recipe;
    }

    /**
     * Makes the folder, if it is not there, and this run its only writer.
     *
     * @throws InvalidInput when another run writes it; nothing is changed
     */
    FolderLock lock() throws IOException {
        return FolderLock.acquire(folder);
    }

    /** Whether a run has begun here: its config and its tokenizer are complete. */
    boolean begun() {
        return recipe.exists();
    }

    /**
     * Checks that nothing is here, or nothing but what a run left that was killed before it began.
     *
     * @param leftovers whether that may be here
     * @param problem what to say where something else is
     * @throws InvalidInput when something is
     */
    void requireFree(boolean leftovers, String problem) throws IOException {
        for (Path entry : FolderLock.contents(folder)) {
            if (!leftovers || !entry.getFileName().toString().matches(LEFTOVER)) {
                throw new InvalidInput(folder + ": " + problem);
            }
        }
    }

    /**
     * Keeps what a run is; of a resumed one, what is different.
     *
     * @return what to tell of it
     */
    List<String> keep(
            Record options, Optional<Earlier> earlier, StartingModel start, Backend backend)
            throws IOException {
        String device = backend.capabilities().device();
        if (earlier.isEmpty()) {
            begin(options, start, device);
            return List.of();
        }
        Earlier before = earlier.get();
        List<String> notices = new ArrayList<>(before.notices());
        resume(options, before.changes(), before.step()).ifPresent(notices::add);
        resumeOn(device, before.step()).ifPresent(notices::add);
        return notices;
    }

    /** Keeps the tokenizer, the environment and, last, the config: then the run has begun. */
    private void begin(Record options, StartingModel start, String backend) throws IOException {
        save(start.tokenizer().tokenizer());
        start.generation().write(folder);
        AtomicFile.write(folder.resolve(ENVIRONMENT), Environment.describe(backend));
        new Checkpoints(folder, 1).create();
        recipe.write(options);
    }

    private void save(Tokenizer tokenizer) throws IOException {
        Path target = folder.resolve(TrainedModel.TOKENIZER);
        if (Files.exists(target)) {
            // Left by a run that was killed before it began.
            Files.move(target, Files.createTempDirectory(folder, "tokenizer-old-").resolve("of"));
        }
        NewFolder.write(target, tokenizer::save);
    }

    /**
     * Keeps what is different in a run that is resumed.
     *
     * @param step after which it is
     * @return what to tell of it, if anything
     */
    private Optional<String> resume(Record options, List<RecipeChange> changes, long step)
            throws IOException {
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        recipe.change(options, changes, step);
        return Optional.of(
                "other options after step "
                        + step
                        + ", as config.yaml says: "
                        + RecipeChange.line(changes));
    }

    /**
     * Keeps in what environment a run is resumed.
     *
     * @return what to tell of it, if it is another one
     */
    private Optional<String> resumeOn(String backend, long step) throws IOException {
        Path file = folder.resolve(ENVIRONMENT);
        String before = Files.exists(file) ? Files.readString(file) : "";
        String now = Environment.describe(backend);
        if (before.endsWith(now)) {
            return Optional.empty();
        }
        AtomicFile.write(file, before + "\nafter step " + step + ":\n" + now);
        return Optional.of("another environment than before, as environment.txt says");
    }

    void write(String name, String text) throws IOException {
        AtomicFile.write(folder.resolve(name), text);
    }
}
