package dev.kiln.distribution.fidelity;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.inference.LanguageModel;
import dev.kiln.platform.inference.StoredModel;
import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.testkit.fixtures.ByteTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A fixture's model, opened on a backend, with gradients. Closing it closes the backend.
 *
 * @param scope how long its weights live
 * @param weights by Kiln's names
 * @param names what the fixture's file calls their parts
 */
record Subject(LanguageModel language, Scope scope, Map<String, Weight> weights, Names names)
        implements AutoCloseable {
    private static final String RECIPE = "recipe.yaml";
    private static final Consumer<String> STRICT =
            notice -> {
                throw new IllegalStateException(notice);
            };

    static Subject open(Path folder, Installed kiln, String backendName) {
        Trainable trainable = Trainable.of(kiln.backend(backendName));
        Scope scope = trainable.backend().scope();
        try {
            return Files.exists(folder.resolve(RECIPE))
                    ? wired(folder, kiln, trainable, scope)
                    : huggingFace(folder, kiln, trainable, scope);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Subject huggingFace(
            Path folder, Installed kiln, Trainable trainable, Scope scope) throws IOException {
        TrainedModel trained = kiln.runtime().injector().getInstance(TrainedModel.class);
        LanguageModel language =
                trained.open(
                        folder,
                        false,
                        kiln.context(),
                        trainable.proxy(),
                        Precision.FLOAT32,
                        scope,
                        STRICT);
        try (StoredModel stored = trained.find(folder, false, kiln.context(), STRICT)) {
            Names names =
                    new Names(
                            stored.model()
                                    .create(kiln.context())
                                    .huggingFace(stored.vocabulary())
                                    .tensors());
            return new Subject(language, scope, trainable.weights(), names);
        }
    }

    /** A model that is wired by a recipe; its file has the names of Kiln's weights. */
    private static Subject wired(Path folder, Installed kiln, Trainable trainable, Scope scope)
            throws IOException {
        Backend backend = trainable.proxy();
        Installed.Wiring wiring =
                kiln.read(Files.readString(folder.resolve(RECIPE)), Installed.Wiring.class);
        Parameters parameters = new Parameters(backend, scope, kiln.context().seed(), true);
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
            int vocabulary = Math.toIntExact(file.describe("wte.weight").shape().getFirst());
            Model model = wiring.model().create(kiln.context()).build(parameters, vocabulary);
            TaskHead.Attached head =
                    wiring.head().create(kiln.context()).attach(parameters.in("head"), model);
            TrainedModel.read(file, parameters, backend);
            LanguageModel language =
                    new LanguageModel(
                            backend,
                            Precision.FLOAT32,
                            model,
                            head,
                            new ByteTokenizer(), // never asked
                            new Layouts());
            return new Subject(language, scope, trainable.weights(), Names.same(file.names()));
        }
    }

    Backend backend() {
        return language.backend();
    }

    @Override
    public void close() {
        scope.close();
        backend().close();
    }
}
