package dev.kiln.platform.models;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.spi.Context;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.toolkit.NamedWeights;
import java.lang.foreign.Arena;

/**
 * A stored model on a backend, ready to be asked. Its matrices may be read where their file is
 * mapped, so the file stays open until this is closed. Used by one thread at a time.
 */
public final class OpenModel implements AutoCloseable {
    private final StoredModel stored;
    private final Arena arena;
    private final Scope scope;
    private final LanguageModel language;
    private final long availableBytes;

    private OpenModel(
            StoredModel stored,
            Arena arena,
            Scope scope,
            LanguageModel language,
            long availableBytes) {
        this.stored = stored;
        this.arena = arena;
        this.scope = scope;
        this.language = language;
        this.availableBytes = availableBytes;
    }

    /**
     * Builds a stored model and reads its weights.
     *
     * @param stored closed with the model, also when this fails
     * @param backend outlives the model
     * @throws dev.kiln.spi.InvalidInput when a tensor is missing or has another shape, with file and
     *     tensor; when the backend has less memory than its weights need, with what would fit
     */
    public static OpenModel of(
            StoredModel stored, Context context, Backend backend, Precision precision) {
        Arena arena = Arena.ofShared();
        Scope scope = backend.scope();
        try {
            LoadedWeights loaded =
                    new LoadedWeights(
                            stored.weights(),
                            WeightRoles.of(stored, context),
                            backend,
                            precision,
                            scope,
                            arena);
            long available = backend.availableBytes();
            long needed = loaded.bytes();
            MemoryCheck.require(
                    stored.folder() + "'s weights",
                    needed,
                    available,
                    () -> loaded.remedy(available));
            NamedWeights weights = new NamedWeights(loaded);
            Model model = stored.model().create(context).build(weights, stored.vocabulary());
            TaskHead.Attached head =
                    stored.head().create(context).attach(weights.in("head"), model);
            LanguageModel language =
                    new LanguageModel(
                            backend,
                            precision,
                            model,
                            head,
                            stored.tokenizerIfNeeded(),
                            stored.specialIds(),
                            new Layouts());
            return new OpenModel(stored, arena, scope, language, available - needed);
        } catch (RuntimeException e) {
            close(stored, arena, scope);
            throw e;
        }
    }

    /** What can be asked, as long as this is open. */
    public LanguageModel language() {
        return language;
    }

    /** Bytes that are left beside all that its weights come to take. */
    public long availableBytes() {
        return availableBytes;
    }

    /** What was opened. */
    public StoredModel stored() {
        return stored;
    }

    @Override
    public void close() {
        close(stored, arena, scope);
    }

    private static void close(StoredModel stored, Arena arena, Scope scope) {
        scope.close();
        stored.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
