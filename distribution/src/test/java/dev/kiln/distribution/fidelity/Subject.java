package dev.kiln.distribution.fidelity;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.models.OpenModel;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.platform.storage.StoredWeights;
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
 * @param release gives back all but the backend
 * @param weights by Kiln's names
 * @param names what the fixture's file calls their parts
 */
record Subject(LanguageModel language, Runnable release, Map<String, Weight> weights, Names names)
        implements AutoCloseable {
    private static final String RECIPE = "recipe.yaml";
    private static final Consumer<String> STRICT =
            notice -> {
                throw new IllegalStateException(notice);
            };

    static Subject open(Path folder, Installed kiln, String backendName) {
        Trainable trainable = Trainable.of(kiln.backend(backendName));
        try {
            return Files.exists(folder.resolve(RECIPE))
                    ? wired(folder, kiln, trainable)
                    : huggingFace(folder, kiln, trainable);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Subject huggingFace(Path folder, Installed kiln, Trainable trainable)
            throws IOException {
        OpenModel opened =
                kiln.runtime()
                        .injector()
                        .getInstance(TrainedModel.class)
                        .open(
                                folder,
                                false,
                                kiln.context(),
                                trainable.proxy(),
                                Precision.FLOAT32,
                                STRICT);
        Names names =
                new Names(
                        opened.stored()
                                .model()
                                .create(kiln.context())
                                .huggingFace(opened.stored().vocabulary())
                                .tensors());
        return new Subject(opened.language(), opened::close, trainable.weights(), names);
    }

    /** A model that is wired by a recipe; its file has the names of Kiln's weights. */
    private static Subject wired(Path folder, Installed kiln, Trainable trainable)
            throws IOException {
        Backend backend = trainable.proxy();
        Scope scope = backend.scope();
        Installed.Wiring wiring =
                kiln.read(Files.readString(folder.resolve(RECIPE)), Installed.Wiring.class);
        Parameters parameters = new Parameters(backend, scope, kiln.context().seed(), true);
        try (StoredWeights file = StoredWeights.open(folder.resolve("model.safetensors"))) {
            int vocabulary = vocabulary(folder.resolve("model.safetensors"));
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
            return new Subject(
                    language, scope::close, trainable.weights(), Names.same(file.names()));
        }
    }

    private static int vocabulary(Path model) {
        try (SafetensorsFile file = SafetensorsFile.open(model)) {
            return Math.toIntExact(file.describe("wte.weight").shape().getFirst());
        }
    }

    Backend backend() {
        return language.backend();
    }

    @Override
    public void close() {
        release.run();
        backend().close();
    }
}
