package dev.kiln.platform.cli;

import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.SafetensorsContent;
import dev.kiln.platform.storage.TensorContent;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Weight;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A run folder of {@link TinyParts#MODEL}, as a run would leave it. */
final class TinyRunFolder {
    private TinyRunFolder() {}

    /** With checkpoints of two steps, the first of which is the best; each of its own seed. */
    static Path write(Path folder) throws IOException {
        return write(folder, (_, _) -> {});
    }

    /**
     * As {@link #write(Path)}, with other weights.
     *
     * @param change of a weight's elements, by its name
     */
    static Path write(Path folder, BiConsumer<String, float[]> change) throws IOException {
        Files.createDirectories(folder.resolve("tokenizer"));
        new ByteTokenizer().save(folder.resolve("tokenizer"));
        Files.writeString(
                folder.resolve("config.yaml"), "run: pretrain\nmodel: tiny\ntokenizer: bytes\n");
        Checkpoints checkpoints = new Checkpoints(folder, 2);
        Optional<CheckpointState.Best> best = Optional.of(new CheckpointState.Best(10, 2.5));
        save(checkpoints, new CheckpointState(10, 1000, 0, best, Map.of()), 10, change);
        checkpoints.markBest(10);
        save(checkpoints, new CheckpointState(20, 2000, 0, best, Map.of()), 20, change);
        return folder;
    }

    private static void save(
            Checkpoints checkpoints,
            CheckpointState state,
            long seed,
            BiConsumer<String, float[]> change)
            throws IOException {
        try (ReferenceBackend backend = new ReferenceBackend();
                Scope scope = backend.scope()) {
            Parameters parameters = new Parameters(backend, scope, seed, false);
            TinyParts.MODEL.build(parameters, ByteTokenizer.END_OF_TEXT + 1);
            List<TensorContent> weights =
                    parameters.all().stream()
                            .map(weight -> content(backend, weight, change))
                            .toList();
            checkpoints.save(
                    state,
                    new SafetensorsContent(Map.of("format", "pt"), weights),
                    SafetensorsContent.of(List.of()));
        }
    }

    private static TensorContent content(
            ReferenceBackend backend, Weight weight, BiConsumer<String, float[]> change) {
        float[] values = backend.floats(weight.value());
        change.accept(weight.name(), values);
        return TensorContent.of(weight.name(), weight.shape(), () -> MemorySegment.ofArray(values));
    }
}
