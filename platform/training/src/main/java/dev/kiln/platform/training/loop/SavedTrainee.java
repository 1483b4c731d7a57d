package dev.kiln.platform.training.loop;

import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.SafetensorsContent;
import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.platform.storage.StoredWeights;
import dev.kiln.platform.storage.TensorContent;
import dev.kiln.platform.training.trainee.Trainee;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves a trainee to and from checkpoints. The model's file has the adapters merged, so that whatever
 * opens a run folder opens it; what a resume needs besides lies with the optimizer's state: adapters,
 * and their matrices without them.
 */
final class SavedTrainee {
    private static final String ADAPTER = "adapter.";
    private static final String BASE = "base.";

    private final Checkpoints checkpoints;
    private final Trainee trainee;
    private final Backend backend;

    SavedTrainee(Checkpoints checkpoints, Trainee trainee) {
        this.checkpoints = checkpoints;
        this.trainee = trainee;
        backend = trainee.backend();
    }

    Path save(CheckpointState state) throws IOException {
        Map<String, Tensor> rest = rest();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(largest(rest), Long.BYTES);
            List<TensorContent> weights =
                    trainee.parameters().all().stream()
                            .map(weight -> merged(weight, buffer))
                            .toList();
            List<TensorContent> others =
                    rest.entrySet().stream()
                            .map(entry -> content(entry.getKey(), entry.getValue(), buffer))
                            .toList();
            return checkpoints.save(
                    state,
                    new SafetensorsContent(Map.of("format", "pt"), weights),
                    SafetensorsContent.of(others));
        }
    }

    /** What the model's file does not say, by name. */
    private Map<String, Tensor> rest() {
        Map<String, Tensor> rest = new LinkedHashMap<>(trainee.optimizer().state());
        for (Weight matrix : trainee.adapters().targets()) {
            rest.put(BASE + matrix.name(), matrix.value());
        }
        for (Weight factor : trainee.adapters().factors()) {
            rest.put(ADAPTER + factor.name(), factor.value());
        }
        return rest;
    }

    private long largest(Map<String, Tensor> rest) {
        long largest = 0;
        for (Weight weight : trainee.parameters().all()) {
            largest = Math.max(largest, bytes(weight.value()));
        }
        for (Tensor tensor : rest.values()) {
            largest = Math.max(largest, bytes(tensor));
        }
        return largest;
    }

    private static long bytes(Tensor tensor) {
        return tensor.shape().size() * tensor.type().bytes();
    }

    /** All tensors go through one buffer, one after the other. */
    private TensorContent content(String name, Tensor tensor, MemorySegment buffer) {
        return TensorContent.of(
                name, stored(tensor.type()), tensor.shape(), () -> read(tensor, buffer));
    }

    private TensorContent merged(Weight weight, MemorySegment buffer) {
        return TensorContent.of(
                weight.name(),
                StoredType.F32,
                weight.shape(),
                () -> {
                    try (Scope scope = backend.scope()) {
                        return read(trainee.adapters().merged(backend, scope, weight), buffer);
                    }
                });
    }

    private MemorySegment read(Tensor tensor, MemorySegment buffer) {
        backend.download(buffer, tensor);
        return buffer.asSlice(0, bytes(tensor));
    }

    private static StoredType stored(DType type) {
        return switch (type) {
            case FLOAT32 -> StoredType.F32;
            case BFLOAT16 -> StoredType.BF16;
            case INT32 -> StoredType.I32;
            case UINT8 -> StoredType.U8;
        };
    }

    /** Takes all of it to where it was saved, to go on from there. */
    void load(Checkpoint checkpoint) {
        loadMerged(checkpoint);
        try (SafetensorsFile file = checkpoint.openOptimizer()) {
            rest().forEach(
                            (name, tensor) ->
                                    backend.upload(
                                            tensor,
                                            file.tensor(
                                                    name, stored(tensor.type()), tensor.shape())));
        }
        trainee.adapters().targets().forEach(backend::refresh);
        trainee.adapters().factors().forEach(backend::refresh);
    }

    /** Takes the model alone there, with the adapters in its matrices. */
    void loadMerged(Checkpoint checkpoint) {
        try (StoredWeights weights = checkpoint.openWeights()) {
            TrainedModel.read(weights, trainee.parameters(), backend);
        }
        trainee.adapters().clear(backend);
    }
}
