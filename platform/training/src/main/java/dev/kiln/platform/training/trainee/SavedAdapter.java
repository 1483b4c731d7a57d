package dev.kiln.platform.training.trainee;

import dev.kiln.platform.autograd.Adapters;
import dev.kiln.platform.models.AdapterLayouts;
import dev.kiln.platform.storage.NewAdapter;
import dev.kiln.spi.Choice;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.TaskHead;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Keeps what a run with low-rank adapters learned, in peft's layout: the adapters, the head, and the
 * rows of tokens that the base doesn't have.
 *
 * @param vocabulary of the model that is trained
 * @param baseVocabulary of the one that it began as
 * @param head the head, as a config says it; needed where it has weights
 */
public record SavedAdapter(
        ModelFamily family,
        int vocabulary,
        int baseVocabulary,
        Optional<String> head,
        NewAdapter.Settings settings) {
    private static final String HEAD = "head.";

    /** A head as a config says it. */
    public record Head(Choice<TaskHead> head) {}

    /** Writes the adapter, over another one. */
    public void write(Path folder, Backend backend, List<Weight> weights, Adapters adapters)
            throws IOException {
        NewAdapter adapter = new NewAdapter(AdapterLayouts.of(family, vocabulary), settings);
        List<String> tables = AdapterLayouts.tables(family, vocabulary);
        for (Weight weight : weights) {
            adapters.of(weight)
                    .ifPresent(
                            factors ->
                                    adapter.matrix(
                                            weight.name(),
                                            () -> values(backend, factors.down().value()),
                                            () -> values(backend, factors.up().value())));
            if (weight.name().startsWith(HEAD)) {
                adapter.head(weight.name(), weight.shape(), () -> values(backend, weight.value()));
                head.ifPresent(text -> adapter.note(AdapterLayouts.HEAD, text));
            }
            if (tables.contains(weight.name()) && vocabulary > baseVocabulary) {
                adapter.rows(
                        weight.name(),
                        baseVocabulary,
                        vocabulary - baseVocabulary,
                        () -> rows(backend, weight.value(), baseVocabulary));
            }
        }
        adapter.write(folder);
    }

    private static float[] values(Backend backend, Tensor tensor) {
        return rows(backend, tensor, 0);
    }

    /** The elements from a row on; nothing of the others comes to lie on the heap. */
    private static float[] rows(Backend backend, Tensor tensor, int first) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(ValueLayout.JAVA_FLOAT, tensor.shape().size());
            backend.download(values, tensor);
            return values.asSlice((long) first * tensor.shape().columns() * Float.BYTES)
                    .toArray(ValueLayout.JAVA_FLOAT);
        }
    }
}
