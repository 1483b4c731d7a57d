package dev.kiln.platform.training;

import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.SafetensorsContent;
import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.platform.storage.StoredWeights;
import dev.kiln.platform.storage.TensorContent;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Moves a trainee to and from checkpoints. */
final class SavedState {
    private final Checkpoints checkpoints;
    private final Trainee trainee;

    SavedState(Checkpoints checkpoints, Trainee trainee) {
        this.checkpoints = checkpoints;
        this.trainee = trainee;
    }

    Path save(CheckpointState state) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(largest(), Long.BYTES);
            List<TensorContent> weights =
                    trainee.parameters().all().stream()
                            .map(weight -> content(weight.name(), weight.value(), buffer))
                            .toList();
            List<TensorContent> moments =
                    trainee.optimizer().state().entrySet().stream()
                            .map(entry -> content(entry.getKey(), entry.getValue(), buffer))
                            .toList();
            return checkpoints.save(
                    state,
                    new SafetensorsContent(Map.of("format", "pt"), weights),
                    SafetensorsContent.of(moments));
        }
    }

    private long largest() {
        long largest = 0;
        for (Weight weight : trainee.parameters().all()) {
            largest = Math.max(largest, bytes(weight.value()));
        }
        for (Tensor moment : trainee.optimizer().state().values()) {
            largest = Math.max(largest, bytes(moment));
        }
        return largest;
    }

    private static long bytes(Tensor tensor) {
        return tensor.shape().size() * tensor.type().bytes();
    }

    /** All tensors go through one buffer, one after the other. */
    private TensorContent content(String name, Tensor tensor, MemorySegment buffer) {
        return TensorContent.of(
                name,
                stored(tensor.type()),
                tensor.shape(),
                () -> {
                    trainee.backend().download(buffer, tensor);
                    return buffer.asSlice(0, bytes(tensor));
                });
    }

    private static StoredType stored(DType type) {
        return switch (type) {
            case FLOAT32 -> StoredType.F32;
            case BFLOAT16 -> StoredType.BF16;
            case INT32 -> StoredType.I32;
            case UINT8 -> StoredType.U8;
        };
    }

    void load(Checkpoint checkpoint) {
        loadWeights(checkpoint);
        try (SafetensorsFile file = checkpoint.openOptimizer()) {
            Map<String, Tensor> state = trainee.optimizer().state();
            state.forEach(
                    (name, moment) ->
                            trainee.backend()
                                    .upload(
                                            moment,
                                            file.tensor(
                                                    name, stored(moment.type()), moment.shape())));
        }
    }

    void loadWeights(Checkpoint checkpoint) {
        try (StoredWeights weights = checkpoint.openWeights()) {
            TrainedModel.read(weights, trainee.parameters(), trainee.backend());
        }
    }
}
