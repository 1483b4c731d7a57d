package dev.kiln.platform.training;

import dev.kiln.platform.run.EarlierRun;
import dev.kiln.platform.run.RunFolder;
import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.training.corpus.Corpus;
import dev.kiln.spi.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run folder holds of training that is to be continued.
 *
 * @param checkpoint the last whole one; empty where the run was killed before its first
 * @param notices of checkpoints that are not whole
 */
public record Earlier(EarlierRun run, Optional<Checkpoint> checkpoint, List<String> notices) {

    /**
     * Finds the checkpoint to continue from. Nothing is written.
     *
     * @throws InvalidInput when none of its checkpoints is whole
     */
    static Earlier of(EarlierRun run) {
        List<String> notices = new ArrayList<>();
        Optional<Checkpoint> checkpoint = lastWhole(run.folder(), notices);
        return new Earlier(run, checkpoint, notices);
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
    void requireSameData(Map<String, String> data) {
        Map<String, String> before = new TreeMap<>();
        checkpoint.ifPresent(last -> before.putAll(last.state().values()));
        before.keySet().removeIf(key -> !key.startsWith(Corpus.DATA));
        run.requireSameData(before, data);
    }
}
