package dev.kiln.platform.exchange;

import dev.kiln.platform.models.AdapterLayouts;
import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.models.WeightRoles;
import dev.kiln.platform.storage.AdaptedWeights;
import dev.kiln.platform.storage.AdapterConfig;
import dev.kiln.platform.storage.AdapterFile;
import dev.kiln.platform.storage.AdapterLayout;
import dev.kiln.platform.storage.NewFolder;
import dev.kiln.platform.storage.SafetensorsContent;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.platform.storage.TensorContent;
import dev.kiln.platform.storage.WeightSource;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.TaskHead;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Puts adapters into models, and takes those of runs out of their folders. Thread-safe. */
public final class ModelAdapters {
    private final ModelExport export;
    private final ConfigFiles configFiles;

    /** What the metadata of an adapter's tensors says of its head. */
    record Head(Choice<TaskHead> head) {}

    @Inject
    public ModelAdapters(ModelExport export, ConfigFiles configFiles) {
        this.export = export;
        this.configFiles = configFiles;
    }

    /**
     * Makes a folder of the base's kind, a run folder or a Hugging Face folder, of the base with an
     * adapter in its weights. It is there whole or not at all.
     *
     * @param adapter a folder in peft's layout
     * @param context its run folder is the one to make
     * @param notice told what the folder can't be used for
     * @return how many weights the adapter changed
     * @throws InvalidInput when the folder exists, the base is quantized, or the adapter is broken,
     *     for another base or not plain LoRA; names file and tensor or key
     */
    public int merge(StoredModel base, Path adapter, Context context, Consumer<String> notice)
            throws IOException {
        NewFolder.checkFree(context.runFolder());
        checkNotQuantized(base);
        ModelFamily family = base.model().create(context);
        AdapterConfig config = AdapterConfig.read(adapter);
        int vocabulary = Math.max(base.vocabulary(), config.vocabulary());
        AdapterLayout layout = AdapterLayouts.of(family, vocabulary);
        try (AdapterFile file = AdapterFile.open(adapter, config, layout);
                AdaptedWeights weights =
                        new AdaptedWeights(
                                base.weights(),
                                AdapterLayouts.shapes(family, base.vocabulary()),
                                AdapterLayouts.shapes(family, vocabulary),
                                file)) {
            StoredModel merged =
                    new StoredModel(
                            base.folder(),
                            base.model(),
                            head(file, adapter).orElse(base.head()),
                            vocabulary,
                            base.text(),
                            base.generation(),
                            weights);
            if (Files.isRegularFile(base.folder().resolve(TrainedModel.CONFIG))) {
                writeRunFolder(merged, file, context);
            } else {
                writeHuggingFace(merged, file, type(base.weights()), context, notice);
            }
            return file.changed();
        }
    }

    private static void checkNotQuantized(StoredModel base) {
        for (String name : base.weights().names()) {
            WeightFormat format = base.weights().format(name);
            if (format.scaled()) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: is quantized: weight '%s' is %s; merge into the original",
                                base.folder(),
                                name,
                                format.name().toLowerCase(Locale.ROOT)));
            }
        }
    }

    /** The head that Kiln noted with the adapter; peft notes none. */
    private Optional<Choice<TaskHead>> head(AdapterFile file, Path adapter) {
        Path name =
                Path.of(
                        adapter.resolve(AdapterFile.TENSORS)
                                + " (its "
                                + AdapterLayouts.HEAD
                                + ")");
        return Optional.ofNullable(file.metadata().get(AdapterLayouts.HEAD))
                .map(text -> configFiles.parse(text, name, Head.class).head());
    }

    private void writeRunFolder(StoredModel merged, AdapterFile file, Context context)
            throws IOException {
        Map<String, WeightRoles.Use> uses = WeightRoles.of(merged, context).uses();
        checkHead(merged, file, uses.keySet());
        WeightSource source = merged.weights();
        List<TensorContent> tensors =
                uses.entrySet().stream()
                        .map(use -> content(source, use.getKey(), use.getValue().shape()))
                        .toList();
        SafetensorsContent weights = new SafetensorsContent(Map.of("format", "pt"), tensors);
        NewFolder.write(
                context.runFolder(),
                folder ->
                        new ModelRunFolder(configFiles)
                                .write(folder, "adapter", merged, weights, context));
    }

    private static TensorContent content(WeightSource source, String name, Shape shape) {
        StoredType type = source.type(name);
        return TensorContent.finite(name, type, shape, () -> source.elements(name, shape, type));
    }

    private void writeHuggingFace(
            StoredModel merged,
            AdapterFile file,
            StoredType type,
            Context context,
            Consumer<String> notice)
            throws IOException {
        checkHead(merged, file, Set.of());
        ExportOptions options = new ExportOptions(type, ExportOptions.SHARD_BYTES);
        export.run(merged, context.runFolder(), options, context, notice);
    }

    private static void checkHead(StoredModel merged, AdapterFile file, Set<String> known) {
        for (String name : file.head()) {
            if (!known.contains(name)) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: holds a head for a task (%s), and %s has no place for it",
                                file.path(),
                                String.join(", ", file.head()),
                                merged.folder()));
            }
        }
    }

    /** The type that all weights have, as peft keeps it; float32 where they have several. */
    private static StoredType type(WeightSource base) {
        Set<StoredType> types = base.names().stream().map(base::type).collect(Collectors.toSet());
        return types.size() == 1 ? types.iterator().next() : StoredType.F32;
    }

    /**
     * Copies the adapter of a run out of its folder, after comparing it with the run's model. The new
     * folder is there whole or not at all.
     *
     * @param target the folder to make
     * @return how many weights the adapter changes
     * @throws InvalidInput when the folder exists, the run has no adapter, or that is broken
     */
    public int extract(StoredModel run, Path target, Context context) throws IOException {
        NewFolder.checkFree(target);
        Path adapter = run.folder().resolve(AdapterLayouts.FOLDER);
        if (!Files.isRegularFile(adapter.resolve(AdapterConfig.FILE))) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: has no %s, as a run with 'lora' has",
                            run.folder(),
                            Path.of(AdapterLayouts.FOLDER, AdapterConfig.FILE)));
        }
        AdapterLayout layout = AdapterLayouts.of(run.model().create(context), run.vocabulary());
        AdapterConfig config = AdapterConfig.read(adapter);
        try (AdapterFile file = AdapterFile.open(adapter, config, layout)) {
            NewFolder.write(
                    target,
                    folder -> {
                        for (String name : List.of(AdapterConfig.FILE, AdapterFile.TENSORS)) {
                            Files.copy(adapter.resolve(name), folder.resolve(name));
                        }
                    });
            return file.changed();
        }
    }
}
