package dev.kiln.platform.run;

import dev.kiln.platform.storage.AtomicFile;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The recipe of a run in its folder's {@code config.yaml}, which says what was run: all options of
 * the last steps, and above them, as comments, from which step on which of them changed.
 *
 * @param run name of the run's kind
 * @param context of the run, with its folder and its seed
 */
public record KeptRecipe(ConfigFiles files, String run, Context context) {
    private static final String CONFIG = "config.yaml";

    /** The option that asks to resume, which is no part of what is run. */
    private static final String RESUME = "resume";

    /** What every config says beside the options. */
    public record Header(
            @Doc("Name of the kind of run") String run,
            @Doc("Seed of all of the run's randomness") long seed) {}

    private Path file() {
        return context.runFolder().resolve(CONFIG);
    }

    /** Whether the folder has a recipe. */
    public boolean exists() {
        return Files.isRegularFile(file());
    }

    /**
     * The kept options.
     *
     * @throws InvalidInput when they are of another kind of run
     */
    public <O extends Record> O read(Class<O> options) {
        header();
        return files.read(file(), options);
    }

    /**
     * Checks that the recipe is of this kind of run.
     *
     * @throws InvalidInput when it is of another
     */
    void requireOwn() {
        header();
    }

    private Header header() {
        Header before = files.read(file(), Header.class);
        if (!before.run().equals(run)) {
            throw refusal("it is a run folder of '" + before.run() + "', not of '" + run + "'");
        }
        return before;
    }

    /** Keeps the recipe of a run that begins. */
    public void write(Record options) throws IOException {
        AtomicFile.write(file(), text(options));
    }

    /** Some options alone, as a recipe says them. */
    public String part(Record options) {
        return text(options)
                .lines()
                .dropWhile(line -> !line.startsWith("out:"))
                .skip(1)
                .collect(Collectors.joining("\n"));
    }

    private String text(Record options) {
        return files.write(run, context.seed(), context.runFolder(), options);
    }

    /**
     * Compares a recipe with the kept one. Nothing is written.
     *
     * @return what is different and may be
     * @throws InvalidInput when something is different that may not be; names all of it
     */
    public List<RecipeChange> changes(Record options, ResumeRules rules) {
        Header before = header();
        Map<String, String> kept = Recipe.values(files.read(file(), options.getClass()));
        Map<String, String> given = Recipe.values(options);
        kept.keySet().removeIf(KeptRecipe::isResume);
        given.keySet().removeIf(KeptRecipe::isResume);
        kept.put("seed", Long.toString(before.seed()));
        given.put("seed", Long.toString(context.seed()));
        List<RecipeChange> changes = RecipeChange.between(kept, given);
        List<RecipeChange> refused = rules.refused(changes);
        if (!refused.isEmpty()) {
            throw refusal("other options than in " + CONFIG, refused);
        }
        return changes;
    }

    private static boolean isResume(String key) {
        return key.equals(RESUME) || key.startsWith(RESUME + ".");
    }

    /** Refuses changes that the user may allow all the same. */
    InvalidInput refusal(String reason, List<RecipeChange> refused) {
        String problem = refusal(reason + ": " + RecipeChange.line(refused)).getMessage();
        return new InvalidInput(problem + ", or allow them with resume.allow");
    }

    /** Why a folder can't be resumed, and what to do, in one line. */
    public InvalidInput refusal(String reason) {
        return new InvalidInput(
                context.runFolder()
                        + ": can't resume: "
                        + reason
                        + "; begin another run with out=FOLDER");
    }

    /**
     * Keeps a changed recipe, and what was before.
     *
     * @param step after which the changes are
     */
    public void change(Record options, List<RecipeChange> changes, long step) throws IOException {
        Stream<String> history =
                Files.readAllLines(file()).stream().takeWhile(line -> line.startsWith("#"));
        String line = "# step " + step + ": " + RecipeChange.line(changes);
        String comments =
                Stream.concat(history, line.lines().map(KeptRecipe::comment))
                        .collect(Collectors.joining("\n", "", "\n"));
        AtomicFile.write(file(), comments + text(options));
    }

    /** Values may have line ends. */
    private static String comment(String line) {
        return line.startsWith("#") ? line : "# " + line;
    }
}
