package dev.kiln.platform.benchmark;

import dev.kiln.platform.planning.CompactState;
import dev.kiln.platform.storage.HuggingFaceFolder;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.Default;
import dev.kiln.spi.Extensions;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Availability;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.BackendFactory;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.ModelFamilyFactory;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.training.Optimizer;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Chooses the parts of a benchmark by name. Thread-safe. */
public final class Workloads {
    private static final String AUTO = "auto";

    private final Extensions extensions;
    private final ConfigFiles configFiles;

    /** What a config would say. */
    record Parts(
            Choice<Backend> backend,
            Choice<ModelFamily> model,
            @Default("language-model") Choice<TaskHead> head,
            @Default("adamw") Choice<Optimizer> optimizer) {}

    /** What a config would say of what computes. */
    record Computes(Choice<Backend> backend) {}

    /** What a config would say of what updates. */
    record Updates(Choice<Optimizer> optimizer) {}

    @Inject
    public Workloads(Extensions extensions, ConfigFiles configFiles) {
        this.extensions = extensions;
        this.configFiles = configFiles;
    }

    /**
     * A model's parts.
     *
     * @param model a name of {@link Sizes}, or a model family for its default options
     * @param backend its name, or {@code auto}
     * @param threads that the backend is to have; its own choice if empty
     * @param precision the fastest that the backend has, if empty
     * @throws InvalidInput when there is no such model or backend, or the backend has no option
     *     {@code threads}
     */
    public Workload find(
            String model,
            String backend,
            Optional<Integer> threads,
            Optional<Precision> precision,
            Context context) {
        Sizes sizes = Sizes.named(model).orElseGet(() -> Sizes.defaults(family(model)));
        Map<String, Object> config =
                Map.of(
                        "backend", backend(backend, threads),
                        "model", Map.of(sizes.family(), sizes.options()));
        Parts parts = parse(config, Parts.class);
        return new Workload(
                model,
                parts.backend(),
                parts.model(),
                parts.head(),
                parts.optimizer(),
                sizes.vocabulary(),
                precision,
                context);
    }

    /** A backend alone, as {@link #find}. */
    public Choice<Backend> backendOf(String backend, Optional<Integer> threads) {
        return parse(Map.of("backend", backend(backend, threads)), Computes.class).backend();
    }

    /** The optimizer of a workload with less state, if there is one. */
    public Optional<Choice<Optimizer>> compact(Workload workload) {
        return CompactState.of(workload.optimizer().name(), configFiles);
    }

    /** AdamW with its state in {@code float32} or {@code int8}. */
    public Choice<Optimizer> adamW(String state) {
        Map<String, Object> optimizer = Map.of("adamw", Map.of("state", state));
        return parse(Map.of("optimizer", optimizer), Updates.class).optimizer();
    }

    private <P extends Record> P parse(Map<String, Object> config, Class<P> part) {
        return configFiles.parse(HuggingFaceFolder.json(config), Path.of("kiln bench"), part);
    }

    private String family(String model) {
        if (!extensions.names(ModelFamilyFactory.class).contains(model)) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "--model: there is no '%s'; expected one of %s, or a model family: %s",
                            model,
                            String.join(", ", Sizes.names()),
                            String.join(", ", extensions.names(ModelFamilyFactory.class))));
        }
        return model;
    }

    private Object backend(String name, Optional<Integer> threads) {
        if (threads.isEmpty()) {
            return Map.of(name, Map.of());
        }
        return Map.of(name.equals(AUTO) ? best() : name, Map.of("threads", threads.get()));
    }

    /** What {@code auto} takes, by name, because it passes no options on. */
    private String best() {
        List<String> names =
                extensions.names(BackendFactory.class).stream()
                        .filter(name -> !name.equals(AUTO))
                        .filter(name -> available(name).usable())
                        .sorted(Comparator.comparingInt(name -> available(name).rank()))
                        .toList();
        return names.isEmpty() ? AUTO : names.getLast();
    }

    private Availability available(String name) {
        return extensions.find(BackendFactory.class, name).availability();
    }
}
