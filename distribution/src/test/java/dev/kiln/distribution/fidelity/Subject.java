package dev.kiln.distribution.fidelity;

import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.inference.TrainedModel;
import dev.kiln.platform.storage.SafetensorsFile;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HuggingFaceTensor;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.TaskHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A fixture's model, opened on a backend, with gradients. Closing it closes the backend.
 *
 * @param scope how long its weights live
 * @param weights by Kiln's names
 * @param names what the fixture's file calls their parts
 */
record Subject(
        Backend backend,
        Scope scope,
        Model model,
        TaskHead.Attached head,
        Layouts layouts,
        Map<String, Weight> weights,
        Names names)
        implements AutoCloseable {

    static Subject open(Path folder, Installed kiln, String backendName) {
        Trainable trainable = Trainable.of(kiln.backend(backendName));
        return Files.exists(folder.resolve("recipe.yaml"))
                ? wired(folder, kiln, trainable)
                : wired(folder, kiln, trainable);
    }

    /** A model that is wired by a recipe; its file has the names of Kiln's weights. */
    private static Subject wired(Path folder, Installed kiln, Trainable trainable) {
        Backend backend = trainable.proxy();
        Installed.Wiring wiring =
                kiln.read(text(folder.resolve("recipe.yaml")), Installed.Wiring.class);
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
            Scope scope = backend.scope();
            Parameters parameters = new Parameters(backend, scope, 1, true);
            int vocabulary = Math.toIntExact(file.describe("wte.weight").shape().getFirst());
            Model model = wiring.model().create(kiln.context()).build(parameters, vocabulary);
            TaskHead.Attached head =
                    wiring.head().create(kiln.context()).attach(parameters.in("head"), model);
            TrainedModel.read(file, parameters, backend);
            return new Subject(
                    backend,
                    scope,
                    model,
                    head,
                    new Layouts(),
                    trainable.weights(),
                    new Names(
                            trainable.weights().keySet().stream()
                                    .map(name -> HuggingFaceTensor.of(name, name))
                                    .toList()));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        scope.close();
        backend.close();
    }
}
