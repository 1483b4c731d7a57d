package dev.kiln.platform.run;

import dev.kiln.platform.storage.AtomicFile;
import dev.kiln.platform.storage.FolderLock;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of any run: made once, never overwritten, continued only when asked. Used by one thread.
 *
 * <p>A run holds the folder's lock, looks whether it {@linkplain #earlier continues} something, and
 * then {@linkplain #begin begins} or {@linkplain #resume resumes}. {@code config.yaml} is written
 * last: a folder that has it holds a run that has begun, and a kill before that loses nothing.
 *
 * <pre>{@code
 * try (FolderLock _ = folder.lock()) {
 *     Optional<EarlierRun> earlier = folder.earlier(options, options.resume(), RULES);
 *     if (earlier.isEmpty()) {
 *         folder.begin(options, device, RunFolder.NOTHING);
 *     }
 *     folder.write("results.json", results);
 * }
 * }</pre>
 */
public final class RunFolder {
    /** For runs that keep nothing beside their recipe and their environment. */
    public static final Contents NOTHING = _ -> {};

    private static final String ENVIRONMENT = "environment.txt";
    private static final String NOT_BEGUN =
            "can't resume: it has other files, but no config.yaml; begin another run with out=FOLDER";

    private final Path folder;
    private final KeptRecipe recipe;
    private final Pattern leftovers;

    /** What a run keeps when it begins. */
    @FunctionalInterface
    public interface Contents {
        void write(Path folder) throws IOException;
    }

    /**
     * @param run name of the run's kind
     * @param contents names of files and folders that runs of the kind may have written before their
     *     config is there
     */
    public RunFolder(Context context, ConfigFiles configFiles, String run, Set<String> contents) {
        folder = context.runFolder();
        recipe = new KeptRecipe(configFiles, run, context);
        leftovers =
                Pattern.compile(
                        Stream.concat(contents.stream(), Stream.of(ENVIRONMENT))
                                .map(Pattern::quote)
                                .collect(
                                        Collectors.joining(
                                                "|", "\\.config\\.yaml.*|\\.?(", ")([.-].*)?")));
    }

    public Path path() {
        return folder;
    }

    public KeptRecipe recipe() {
        return recipe;
    }

    /**
     * Makes the folder, if it is not there, and this run its only writer.
     *
     * @throws InvalidInput when another run writes it; nothing is changed
     */
    public FolderLock lock() throws IOException {
        return FolderLock.acquire(folder);
    }

    /** Whether a run has begun here: its config, and all that is written before it, is complete. */
    public boolean begun() {
        return recipe.exists();
    }

    /**
     * Looks what there is to continue. Nothing is written.
     *
     * @param resume whether what is here may be continued, and what may be different
     * @param rules which options may be others than before
     * @return empty for a run that begins
     * @throws InvalidInput when something is here that this run must not touch, or its recipe is
     *     another one
     */
    public Optional<EarlierRun> earlier(Record options, ResumeOptions resume, ResumeRules rules)
            throws IOException {
        if (!resume.isAuto()) {
            requireFree(
                    false,
                    "the run folder exists; add resume=auto to go on with it, or out=FOLDER to begin"
                            + " another");
            return Optional.empty();
        }
        if (!begun()) {
            requireFree(true, NOT_BEGUN);
            return Optional.empty();
        }
        ResumeRules allowed = rules.and(resume.allow());
        return Optional.of(new EarlierRun(this, recipe.changes(options, allowed), allowed));
    }

    /**
     * For runs that may be made again in their folder, whatever they were: checks that nothing is here
     * but what a run of this kind has left.
     *
     * @throws InvalidInput when something else is; nothing is changed
     */
    public void requireOwn() throws IOException {
        if (begun()) {
            recipe.requireOwn();
        } else {
            requireFree(true, NOT_BEGUN);
        }
    }

    private void requireFree(boolean mayHoldLeftovers, String problem) throws IOException {
        for (Path entry : FolderLock.contents(folder)) {
            String name = entry.getFileName().toString();
            if (!mayHoldLeftovers || !leftovers.matcher(name).matches()) {
                throw new InvalidInput(folder + ": " + problem);
            }
        }
    }

    /**
     * Keeps what a run is: what it needs, the environment and, last, the config. Then it has begun.
     *
     * @param device what computes
     */
    public void begin(Record options, String device, Contents contents) throws IOException {
        contents.write(folder);
        AtomicFile.write(folder.resolve(ENVIRONMENT), Environment.describe(device));
        recipe.write(options);
    }

    /**
     * Keeps what is different in a run that is resumed.
     *
     * @param step after which it is
     * @return what to tell of it, a line each
     */
    public List<String> resume(Record options, EarlierRun earlier, long step, String device)
            throws IOException {
        List<String> notices = new ArrayList<>();
        if (!earlier.changes().isEmpty()) {
            recipe.change(options, earlier.changes(), step);
            notices.add(
                    "other options after step "
                            + step
                            + ", as config.yaml says: "
                            + RecipeChange.line(earlier.changes()));
        }
        if (isElsewhere(device, step)) {
            notices.add("another environment than before, as environment.txt says");
        }
        return notices;
    }

    private boolean isElsewhere(String device, long step) throws IOException {
        Path file = folder.resolve(ENVIRONMENT);
        String before = Files.exists(file) ? Files.readString(file) : "";
        String now = Environment.describe(device);
        if (before.endsWith(now)) {
            return false;
        }
        AtomicFile.write(file, before + "\nafter step " + step + ":\n" + now);
        return true;
    }

    public void write(String name, String text) throws IOException {
        AtomicFile.write(folder.resolve(name), text);
    }
}
