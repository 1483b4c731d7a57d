package dev.kiln.distribution.fidelity;

import dev.kiln.platform.runtime.Installation;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.runtime.PlatformFactories;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Default;
import dev.kiln.spi.Doc;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.training.Optimizer;
import dev.kiln.testkit.ReferenceBackend;
import dev.kiln.testkit.fixtures.FolderContext;
import java.nio.file.Path;

/** An installed Kiln with its plugins, asked from Java. */
record Installed(KilnRuntime runtime, FolderContext context) implements AutoCloseable {

    /** What {@code recipe.yaml} says. */
    record Wiring(
            @Doc("the model family") Choice<ModelFamily> model,
            @Doc("the task head") @Default("language-model") Choice<TaskHead> head) {}

    record Computing(@Doc("the backend") Choice<Backend> backend) {}

    record Training(@Doc("the optimizer") Choice<Optimizer> optimizer) {}

    /**
     * @param home an unpacked archive
     */
    static Installed at(Path home) {
        KilnRuntime runtime =
                KilnRuntime.start(
                        new Installation(home, home.resolve("cache"), home.resolve("data")),
                        PlatformFactories.of());
        return new Installed(runtime, new FolderContext(1, home));
    }

    <O extends Record> O read(String yaml, Class<O> type) {
        return runtime.injector()
                .getInstance(ConfigFiles.class)
                .parse(yaml, Path.of("fidelity.yaml"), type);
    }

    /** {@code reference}, which is the testkit's, or one that a plugin brings. */
    Backend backend(String name) {
        return name.equals("reference")
                ? new ReferenceBackend()
                : read("backend: " + name, Computing.class).backend().create(context);
    }

    /** The optimizer that the fixture's steps were made with. */
    Optimizer optimizer(Fixture fixture) {
        return read(
                        "optimizer: {adamw: {beta1: %s, beta2: %s, epsilon: %s, weightDecay: %s}}"
                                .formatted(
                                        fixture.setting("beta1"),
                                        fixture.setting("beta2"),
                                        fixture.setting("epsilon"),
                                        fixture.setting("weightDecay")),
                        Training.class)
                .optimizer()
                .create(context);
    }

    @Override
    public void close() {
        runtime.close();
    }
}
