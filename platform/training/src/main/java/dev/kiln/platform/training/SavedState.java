package dev.kiln.platform.training;

import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.platform.storage.Checkpoint;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.SafetensorsContent;
import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.platform.storage.TensorContent;
import dev.kiln.spi.backend.Backend;
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
            MemorySegment buffer = arena.allocate(largest(), Float.BYTES);
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
            largest = Math.max(largest, weight.shape().size());
        }
        for (Tensor moment : trainee.optimizer().state().values()) {
            largest = Math.max(largest, moment.shape().size());
        }
        return largest * Float.BYTES;
    }

    /** All tensors go through one buffer, one after the other. */
    private TensorContent content(String name, Tensor tensor, MemorySegment buffer) {
        return TensorContent.of(
                name,
                tensor.shape(),
                () -> {
                    trainee.backend().download(buffer, tensor);
                    return buffer.asSlice(0, tensor.shape().size() * Float.BYTES);
                });
    }

    void load(Checkpoint checkpoint) {
        loadWeights(checkpoint);
        Backend backend = trainee.backend();
        try (SafetensorsFile file = checkpoint.openOptimizer()) {
            trainee.optimizer()
                    .state()
                    .forEach(
                            (name, moment) ->
                                    backend.upload(moment, file.floats(name, moment.shape())));
        }
    }

    void loadWeights(Checkpoint checkpoint) {
        try (SafetensorsFile file = checkpoint.openModel()) {
            TrainedModel.read(file, trainee.parameters(), trainee.backend());
        }
    }
}
