package dev.kiln.platform.training;

import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.platform.storage.AtomicFile;
import dev.kiln.platform.storage.NewFolder;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder of a run: made once, never overwritten, gone on with only when asked. */
final class RunFolder {
    private final Context context;
    private final Path folder;
    private final ConfigFiles configFiles;

    RunFolder(Context context, ConfigFiles configFiles) {
        this.context = context;
        this.folder = context.runFolder();
        this.configFiles = configFiles;
    }

    Path path() {
        return folder;
    }

    /** Whether a run has begun here: its config and its tokenizer are complete. */
    boolean begun() {
        return Files.isRegularFile(config());
    }

    private Path config() {
        return folder.resolve(TrainedModel.CONFIG);
    }

    /**
     * Checks that the run may write here.
     *
     * @return whether to go on with what is here
     * @throws InvalidInput when something is here that this run must not touch
     */
    boolean check(PretrainOptions options) throws IOException {
        boolean resume = options.resume().equals("auto");
        if (begun() && resume) {
            checkSame(options);
            return true;
        }
        if (Files.exists(folder) && !isEmpty() && !(resume && neverBegan())) {
            throw new InvalidInput(
                    folder
                            + ": the run folder exists; add resume=auto to go on with it, or out=FOLDER to"
                            + " begin another");
        }
        return false;
    }

    /**
     * Checks that nothing is here.
     *
     * @throws InvalidInput when something is
     */
    void requireFree() throws IOException {
        if (Files.exists(folder) && !isEmpty()) {
            throw new InvalidInput(
                    folder + ": the run folder exists; add out=FOLDER to begin another");
        }
    }

    /** Makes the folder, if it is not there. */
    void create() throws IOException {
        Files.createDirectories(folder);
    }

    private boolean isEmpty() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    /** A kill before the config was complete leaves nothing but the tokenizer's folder. */
    private boolean neverBegan() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.allMatch(
                    entry ->
                            entry.getFileName()
                                    .toString()
                                    .replaceFirst("^\\.", "")
                                    .startsWith(TrainedModel.TOKENIZER));
        }
    }

    /** What was learned so far means something only to the same model on the same data. */
    private void checkSame(PretrainOptions options) {
        PretrainOptions before = configFiles.read(config(), PretrainOptions.class);
        List<String> changed =
                Stream.of(
                                change("data", before.data(), options.data()),
                                change("tokenizer", before.tokenizer(), options.tokenizer()),
                                change("model", before.model(), options.model()),
                                change("head", before.head(), options.head()),
                                change("optimizer", before.optimizer(), options.optimizer()))
                        .flatMap(List::stream)
                        .toList();
        if (!changed.isEmpty()) {
            throw new InvalidInput(
                    "%s: can't resume: %s differs from %s; begin another run with out=FOLDER"
                            .formatted(folder, String.join(", ", changed), TrainedModel.CONFIG));
        }
    }

    private static List<String> change(String key, Object before, Object now) {
        return before.equals(now) ? List.of() : List.of(key);
    }

    /** Keeps the tokenizer, the environment and, last, the config: then the run has begun. */
    void begin(String run, Record options, Tokenizer tokenizer, String backend) throws IOException {
        save(tokenizer);
        AtomicFile.write(folder.resolve("environment.txt"), Environment.describe(backend));
        AtomicFile.write(config(), configFiles.write(run, context.seed(), folder, options));
    }

    private void save(Tokenizer tokenizer) throws IOException {
        Path target = folder.resolve(TrainedModel.TOKENIZER);
        if (Files.exists(target)) {
            // Left by a run that was killed before it began.
            Files.move(target, Files.createTempDirectory(folder, "tokenizer-old-").resolve("of"));
        }
        NewFolder.write(target, tokenizer::save);
    }

    void write(String name, String text) throws IOException {
        AtomicFile.write(folder.resolve(name), text);
    }
}
