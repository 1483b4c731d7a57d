package dev.kiln.platform.storage;

import dev.kiln.platform.storage.CheckpointFolders.Numbered;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The checkpoints of a run: {@code <run folder>/checkpoints/step-00000120/}, each with the model,
 * the optimizer's state, where the run stands, and a manifest with size and SHA-256 of every file.
 *
 * <p><b>Nothing is lost.</b> A checkpoint is written to a folder beside its target ({@code .tmp}),
 * synced, and renamed: a kill at any moment leaves what was there before or what is there after.
 * Where a checkpoint of the same step is replaced, the old one lies under {@code .old} until the
 * new one has its name, and is found there. What a kill leaves behind is deleted by the next save.
 * An interrupt stops no save, and is left for the caller to see.
 *
 * <p>Used by one thread, which holds the run folder's {@link FolderLock} where it saves.
 */
public final class Checkpoints {
    /** What a notice of a broken checkpoint ends with. */
    public static final String SKIPPED = "; this checkpoint is skipped";

    private static final String BEST = "best.json";

    private final CheckpointFolders folders;
    private final int keep;
    private final Disk.Opener opener;
    private final List<String> verified;

    /** Which step was the best; the whole of {@code best.json}. */
    record BestMark(long step) {}

    /**
     * @param runFolder need not exist before the first save
     * @param keep how many of the last checkpoints to keep, at least 1; the best is kept besides
     */
    public Checkpoints(Path runFolder, int keep) {
        this(runFolder, keep, Disk::create);
    }

    Checkpoints(Path runFolder, int keep, Disk.Opener opener) {
        this(runFolder, keep, opener, Checkpoint.ALL);
    }

    private Checkpoints(Path runFolder, int keep, Disk.Opener opener, List<String> verified) {
        if (keep < 1) {
            throw new IllegalArgumentException("expected to keep 1 checkpoint or more: " + keep);
        }
        this.folders = new CheckpointFolders(runFolder.resolve("checkpoints"));
        this.keep = keep;
        this.opener = opener;
        this.verified = verified;
    }

    /**
     * The checkpoints of a run whose models are only asked: a checkpoint is whole where its model is.
     * The optimizer's file is twice as long, and is not read to compare it with the manifest.
     */
    public static Checkpoints ofModels(Path runFolder) {
        return new Checkpoints(runFolder, 1, Disk::create, Checkpoint.MODEL_ONLY);
    }

    /**
     * Makes the folder in which they will be, so that a run that has saved none yet is told from one
     * whose checkpoints are gone.
     */
    public void create() throws IOException {
        folders.create();
    }

    /** Whether there is a folder of checkpoints, empty or not. */
    public boolean created() {
        return Files.isDirectory(folders.root());
    }

    /**
     * Saves a checkpoint, then deletes those before it that retention does not keep: all but the
     * last {@code keep}, the one marked as best, and the one that the state calls best.
     *
     * @return the checkpoint's folder
     * @throws InvalidInput when the disk is full; nothing but the attempt is lost
     */
    public Path save(CheckpointState state, SafetensorsContent model, SafetensorsContent optimizer)
            throws IOException {
        Uninterrupted.write(() -> write(state, model, optimizer));
        return folders.folder(state.step());
    }

    private void write(
            CheckpointState state, SafetensorsContent model, SafetensorsContent optimizer)
            throws IOException {
        folders.create();
        Path target = folders.folder(state.step());
        Path temporary = folders.temporary(state.step());
        try {
            Files.createDirectory(temporary);
            Checkpoint.write(temporary, state, model, optimizer, opener);
            folders.publish(temporary, state.step());
        } catch (IOException | RuntimeException e) {
            Disk.delete(temporary);
            if (e instanceof IOException problem && FileProblem.isFull(problem)) {
                throw fullDisk(target, model.fileBytes() + optimizer.fileBytes(), problem);
            }
            throw e;
        }
        prune(state.step(), state.best().map(CheckpointState.Best::step));
    }

    /**
     * Marks a saved checkpoint as the best one, then deletes the one that was the best before, unless
     * it is one of the last {@code keep}. A kill may come between a save and its mark, so a resumed
     * run marks {@code state.best()} again; that changes nothing where it was done.
     *
     * @throws IllegalArgumentException when there is no checkpoint of that step
     */
    public void markBest(long step) throws IOException {
        if (folders.find(step).isEmpty()) {
            throw new IllegalArgumentException("there is no checkpoint of step " + step);
        }
        AtomicFile.write(folders.root().resolve(BEST), Json.text(new BestMark(step)));
        prune(step, Optional.empty());
    }

    /**
     * The newest checkpoint that is whole.
     *
     * @param notice told of each broken one that is skipped: which file, and why
     */
    public Optional<Checkpoint> latest(Consumer<String> notice) {
        for (Numbered candidate : folders.newestFirst()) {
            Optional<Checkpoint> checkpoint = open(candidate, notice);
            if (checkpoint.isPresent()) {
                return checkpoint;
            }
        }
        return Optional.empty();
    }

    /**
     * The checkpoint that was marked as best, if it is whole.
     *
     * @param notice told why a marked one can't be used
     */
    public Optional<Checkpoint> best(Consumer<String> notice) {
        try {
            return markedBest()
                    .flatMap(folders::find)
                    .flatMap(candidate -> open(candidate, notice));
        } catch (InvalidInput e) {
            notice.accept(e.getMessage());
            return Optional.empty();
        }
    }

    /** The folders of all checkpoints, whole or not, newest first. */
    public List<Path> folders() {
        return folders.newestFirst().stream().map(Numbered::folder).toList();
    }

    private Optional<Checkpoint> open(Numbered candidate, Consumer<String> notice) {
        try {
            return Optional.of(Checkpoint.open(candidate.folder(), verified));
        } catch (InvalidInput e) {
            notice.accept(e.getMessage() + SKIPPED);
            return Optional.empty();
        }
    }

    private Optional<Long> markedBest() {
        Path file = folders.root().resolve(BEST);
        return Files.exists(file)
                ? Optional.of(Json.read(file, BestMark.class).step())
                : Optional.empty();
    }

    /**
     * @param step of the checkpoint up to which they are the run's past
     * @param best the step that the run calls best, where it may not be marked yet
     */
    private void prune(long step, Optional<Long> best) throws IOException {
        Set<Long> kept = new HashSet<>();
        best.ifPresent(kept::add);
        try {
            markedBest().ifPresent(kept::add);
        } catch (InvalidInput unreadable) {
            return; // Any of them may be the best one.
        }
        // A newer one is of a future that this run, resumed before it, will reach and replace.
        folders.newestFirst().stream()
                .filter(candidate -> candidate.step() <= step)
                .skip(keep)
                .filter(candidate -> !kept.contains(candidate.step()))
                .forEach(this::delete);
    }

    private void delete(Numbered doomed) {
        try {
            folders.delete(doomed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InvalidInput fullDisk(Path target, long needed, IOException problem)
            throws IOException {
        String last =
                folders.newestFirst().stream()
                        .findFirst()
                        .map(c -> "the last checkpoint, " + c.folder().getFileName() + ", is kept")
                        .orElse("there is no checkpoint before it");
        return new InvalidInput(
                String.format(
                        Locale.ROOT,
                        "%s: the disk is full (%s): the checkpoint needs %s, %s are free; %s",
                        target,
                        problem.getMessage(),
                        Disk.size(needed),
                        Disk.size(Files.getFileStore(folders.root()).getUsableSpace()),
                        last),
                problem);
    }
}
