package dev.kiln.platform.training;

import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.platform.storage.AtomicFile;
import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.HuggingFaceFolder;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps what a pupil learned: whole models as checkpoints, adapters merged, so that whatever opens a
 * run folder opens them; and beside, in {@code adapter}, the adapters and the head alone.
 */
final class SavedPupil {
    private final Checkpoints checkpoints;
    private final Pupil pupil;
    private final FinetuneOptions options;

    SavedPupil(Checkpoints checkpoints, Pupil pupil, FinetuneOptions options) {
        this.checkpoints = checkpoints;
        this.pupil = pupil;
        this.options = options;
    }

    /** Keeps a whole model; the run can't be gone on with, so no optimizer state is kept. */
    Path save(CheckpointState state) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            List<Weight> all = pupil.parameters().all();
            MemorySegment buffer = buffer(all, arena);
            return checkpoints.save(
                    state, content(all, buffer, true), SafetensorsContent.of(List.of()));
        }
    }

    /** Keeps what learned: {@code adapter.safetensors} and what it is in {@code adapter.json}. */
    void saveAdapters(Path folder, FinetuneOptions.Lora lora) throws IOException {
        Files.createDirectories(folder);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = buffer(pupil.trained(), arena);
            content(pupil.trained(), buffer, false).save(folder.resolve("adapter.safetensors"));
        }
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("from", options.from());
        about.put("rank", lora.rank());
        about.put("alpha", lora.alpha());
        about.put("targets", lora.targets());
        AtomicFile.write(folder.resolve("adapter.json"), HuggingFaceFolder.json(about) + "\n");
    }

    private static MemorySegment buffer(List<Weight> weights, Arena arena) {
        long largest = weights.stream().mapToLong(SavedPupil::bytes).max().orElseThrow();
        return arena.allocate(largest, Long.BYTES);
    }

    private static long bytes(Weight weight) {
        return weight.shape().size() * Float.BYTES;
    }

    private SafetensorsContent content(List<Weight> weights, MemorySegment buffer, boolean merge) {
        List<TensorContent> tensors =
                weights.stream()
                        .map(
                                weight ->
                                        TensorContent.of(
                                                weight.name(),
                                                StoredType.F32,
                                                weight.shape(),
                                                () -> read(weight, buffer, merge)))
                        .toList();
        return new SafetensorsContent(Map.of("format", "pt"), tensors);
    }

    /** All weights go through one buffer, one after the other. */
    private MemorySegment read(Weight weight, MemorySegment buffer, boolean merge) {
        Backend backend = pupil.backend();
        try (Scope scope = backend.scope()) {
            backend.download(
                    buffer,
                    merge ? pupil.adapters().merged(backend, scope, weight) : weight.value());
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
