package dev.kiln.platform.training;

import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.SafetensorsContent;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.platform.storage.StoredWeights;
import dev.kiln.platform.storage.TensorContent;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Weight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Keeps what a pupil learned: whole models as checkpoints, adapters merged, so that whatever opens a
 * run folder opens them.
 */
final class SavedPupil {
    private final Checkpoints checkpoints;
    private final Pupil pupil;

    SavedPupil(Checkpoints checkpoints, Pupil pupil) {
        this.checkpoints = checkpoints;
        this.pupil = pupil;
    }

    /** Keeps a whole model; the run can't be gone on with, so no optimizer state is kept. */
    Path save(CheckpointState state) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            List<Weight> all = pupil.parameters().all();
            MemorySegment buffer = buffer(all, arena);
            return checkpoints.save(state, content(all, buffer), SafetensorsContent.of(List.of()));
        }
    }

    private static MemorySegment buffer(List<Weight> weights, Arena arena) {
        long largest = weights.stream().mapToLong(SavedPupil::bytes).max().orElseThrow();
        return arena.allocate(largest, Long.BYTES);
    }

    private static long bytes(Weight weight) {
        return weight.shape().size() * Float.BYTES;
    }

    private SafetensorsContent content(List<Weight> weights, MemorySegment buffer) {
        List<TensorContent> tensors =
                weights.stream()
                        .map(
                                weight ->
                                        TensorContent.of(
                                                weight.name(),
                                                StoredType.F32,
                                                weight.shape(),
                                                () -> read(weight, buffer)))
                        .toList();
        return new SafetensorsContent(Map.of("format", "pt"), tensors);
    }

    /** All weights go through one buffer, one after the other. */
    private MemorySegment read(Weight weight, MemorySegment buffer) {
        Backend backend = pupil.backend();
        try (Scope scope = backend.scope()) {
            backend.download(buffer, pupil.adapters().merged(backend, scope, weight));
            return buffer.asSlice(0, bytes(weight));
        }
    }

    /** Takes model and head back to the best checkpoint; adapters are merged in them. */
    void loadBest() {
        Checkpoint best = checkpoints.best(_ -> {}).orElseThrow();
        try (StoredWeights weights = best.openWeights()) {
            TrainedModel.read(weights, pupil.parameters(), pupil.backend());
        }
    }
}
