package dev.kiln.platform.training;

import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.training.resume.RecipeChange;
import dev.kiln.platform.training.resume.ResumeRules;
import dev.kiln.spi.InvalidInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run folder holds of a run that is to be continued.
 *
 * @param checkpoint the last whole one; empty where the run was killed before its first
 * @param notices of checkpoints that are not whole
 * @param changes of the recipe since then
 * @param rules which may be
 */
record Earlier(
        Optional<Checkpoint> checkpoint,
        List<String> notices,
        List<RecipeChange> changes,
        ResumeRules rules) {
    private static final String EXISTS =
            "the run folder exists; add resume=auto to go on with it, or out=FOLDER to begin another";
    private static final String NOT_BEGUN =
            "can't resume: it has other files, but no config.yaml; begin another run with out=FOLDER";

    /**
     * Looks what there is to continue. Nothing is written.
     *
     * @param resume whether what is here may be continued, and what may be different
     * @param rules which options may be others than before
     * @return empty for a run that begins
     * @throws InvalidInput when something is here that this run must not touch, its recipe is
     *     another one, or none of its checkpoints is whole
     */
    static Optional<Earlier> in(
            RunFolder folder, Record options, ResumeOptions resume, ResumeRules rules)
            throws IOException {
        if (!resume.isAuto() || !folder.begun()) {
            folder.requireFree(resume.isAuto(), resume.isAuto() ? NOT_BEGUN : EXISTS);
            return Optional.empty();
        }
        ResumeRules allowed = rules.and(resume.allow());
        List<RecipeChange> changes = folder.recipe().changes(options, allowed);
        List<String> notices = new ArrayList<>();
        Optional<Checkpoint> checkpoint = lastWhole(folder, notices);
        return Optional.of(new Earlier(checkpoint, notices, changes, allowed));
    }

    private static Optional<Checkpoint> lastWhole(RunFolder folder, List<String> notices) {
        Checkpoints checkpoints = new Checkpoints(folder.path(), 1);
        if (!checkpoints.created()) {
            throw folder.recipe().refusal("its folder checkpoints is missing");
        }
        Optional<Checkpoint> last = checkpoints.latest(notices::add);
        if (last.isEmpty() && !notices.isEmpty()) {
            throw folder.recipe()
                    .refusal(
                            "none of its checkpoints is whole: "
                                    + notices.stream()
                                            .map(n -> n.replace(Checkpoints.SKIPPED, ""))
                                            .collect(Collectors.joining("; ")));
        }
        if (last.isEmpty()) {
            notices.add("the run before ended before its first checkpoint: it begins at step 1");
        }
        return last;
    }

    /** Updates that were made. */
    long step() {
        return checkpoint.map(last -> last.state().step()).orElse(0L);
    }

    /**
     * Checks that the data are those of the checkpoint, if it says which those were.
     *
     * @throws InvalidInput when they are others
     */
    void requireSameData(RunFolder folder, Map<String, String> data) {
        Map<String, String> before = new TreeMap<>();
        checkpoint.ifPresent(last -> before.putAll(last.state().values()));
        before.keySet().removeIf(key -> !key.startsWith(Corpus.DATA));
        List<RecipeChange> changes = RecipeChange.between(before, data);
        List<RecipeChange> refused = rules.refused(changes);
        if (!before.isEmpty() && !refused.isEmpty()) {
            throw folder.recipe().refusal("other data than before: " + RecipeChange.line(refused));
        }
    }
}
