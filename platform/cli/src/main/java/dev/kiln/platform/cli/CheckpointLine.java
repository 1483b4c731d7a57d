package dev.kiln.platform.cli;

import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.spi.InvalidInput;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint of a run.
 *
 * @param name of its folder
 * @param state empty where it can't be read
 * @param problem why not, else empty
 */
record CheckpointLine(String name, Optional<CheckpointState> state, String problem) {

    /** Those of a run folder, newest first. */
    static List<CheckpointLine> in(Path runFolder) {
        return new Checkpoints(runFolder, 1).folders().stream().map(CheckpointLine::of).toList();
    }

    private static CheckpointLine of(Path folder) {
        String name = folder.getFileName().toString();
        try {
            return new CheckpointLine(name, Optional.of(Checkpoint.readState(folder)), "");
        } catch (InvalidInput e) {
            return new CheckpointLine(name, Optional.empty(), e.getMessage());
        }
    }

    /** The best one, else the newest that can be read: a list of one, or of none. */
    static List<CheckpointLine> preferred(List<CheckpointLine> newestFirst) {
        List<CheckpointLine> readable =
                newestFirst.stream().filter(line -> line.state.isPresent()).toList();
        return readable.stream()
                .filter(CheckpointLine::isBest)
                .findFirst()
                .or(() -> readable.stream().findFirst())
                .stream()
                .toList();
    }

    Path folder(Path runFolder) {
        return runFolder.resolve("checkpoints").resolve(name);
    }

    /** Whether no evaluation up to it was better than its own. */
    private boolean isBest() {
        return state.filter(
                        here -> here.best().filter(best -> best.step() == here.step()).isPresent())
                .isPresent();
    }

    Map<String, Object> json() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", name);
        state.ifPresent(
                here -> {
                    object.put("step", here.step());
                    object.put("tokens", here.tokens());
                    here.best()
                            .ifPresent(
                                    best -> {
                                        object.put("best_step", best.step());
                                        object.put("best_loss", best.loss());
                                    });
                });
        if (!problem.isEmpty()) {
            object.put("problem", problem);
        }
        return object;
    }

    List<String> row() {
        if (state.isEmpty()) {
            return List.of(name, "broken", "", problem);
        }
        String best =
                state.get()
                        .best()
                        .map(
                                mark ->
                                        String.format(
                                                Locale.ROOT,
                                                "best held-out loss %.4f at step %,d",
                                                mark.loss(),
                                                mark.step()))
                        .orElse("not evaluated");
        return List.of(
                name,
                String.format(Locale.ROOT, "step %,d", state.get().step()),
                String.format(Locale.ROOT, "%,d tokens", state.get().tokens()),
                best);
    }
}
