package dev.kiln.platform.exchange;

import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.StoredModel.SavedTokenizer;
import dev.kiln.platform.storage.HuggingFaceTensors;
import dev.kiln.platform.storage.NewFolder;
import dev.kiln.spi.Context;
import dev.kiln.spi.Extensions;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.WeightFormat;
import dev.kiln.spi.model.HuggingFaceModel;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.text.TokenizerFactory;
import dev.kiln.toolkit.Blueprint;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes Hugging Face folders of models. Thread-safe. */
public final class ModelExport {
    private static final Pattern MODEL_FILES =
            Pattern.compile("config\\.json|generation_config\\.json|model.*\\.safetensors.*");

    private final Extensions extensions;

    @Inject
    public ModelExport(Extensions extensions) {
        this.extensions = extensions;
    }

    /**
     * Writes a folder that transformers loads. It is there whole or not at all.
     *
     * @param notice told what the folder can't be used for
     * @throws InvalidInput when the target exists and is not empty, or the model can't be expressed
     *     in that form; then nothing is written
     */
    public void run(
            StoredModel stored,
            Path target,
            ExportOptions options,
            Context context,
            Consumer<String> notice)
            throws IOException {
        NewFolder.checkFree(target);
        ModelFamily family = stored.model().create(context);
        HuggingFaceModel model = family.huggingFace(stored.vocabulary());
        Map<String, Shape> shapes = shapes(stored, family);
        noticeQuantized(stored, options, notice);
        HuggingFaceTensors tensors =
                new HuggingFaceTensors(model, shapes, stored.weights(), options.type());
        NewFolder.write(
                target,
                folder -> {
                    saveTokenizer(stored, folder, notice);
                    new ExportedConfigs(stored, model.config(), options.typeWord()).write(folder);
                    tensors.write(folder, options.maxShardBytes());
                });
    }

    private static void noticeQuantized(
            StoredModel stored, ExportOptions options, Consumer<String> notice) {
        stored.weights().names().stream()
                .map(name -> stored.weights().format(name))
                .filter(WeightFormat::scaled)
                .findFirst()
                .ifPresent(
                        format ->
                                notice.accept(
                                        String.format(
                                                Locale.ROOT,
                                                "the model is quantized to %s: its values are written as %s",
                                                format.name().toLowerCase(Locale.ROOT),
                                                options.typeWord())));
    }

    /** A head's weights are the only ones that are not the family's own. */
    private static Map<String, Shape> shapes(StoredModel stored, ModelFamily family) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Blueprint.of(family, stored.vocabulary())
                .parts()
                .forEach((name, part) -> shapes.put(name, part.shape()));
        for (String name : stored.weights().names()) {
            if (!shapes.containsKey(name)) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "%s: weight '%s' of head '%s' has no place in a Hugging Face folder",
                                stored.folder(),
                                name,
                                stored.head().name()));
            }
        }
        return shapes;
    }

    private void saveTokenizer(StoredModel stored, Path folder, Consumer<String> notice)
            throws IOException {
        if (stored.text().isAbsent()) {
            notice.accept("the model has no tokenizer, so the folder has none");
            return;
        }
        stored.text().save(folder);
        String kind = stored.text().named().map(SavedTokenizer::name).orElse("unknown");
        checkNames(folder, kind);
        if (stored.tokenizer().isEmpty()) {
            notice.accept("the tokenizer's files are copied as they are");
            return;
        }
        boolean known =
                extensions.names(TokenizerFactory.class).stream()
                        .map(name -> extensions.find(TokenizerFactory.class, name))
                        .anyMatch(factory -> factory.recognizes(folder));
        if (!known) {
            notice.accept(
                    String.format(
                            Locale.ROOT,
                            "AutoTokenizer can't load the tokenizer: '%s' is a kind of Kiln's own",
                            kind));
        }
    }

    private static void checkNames(Path folder, String tokenizer) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> taken =
                    files.map(file -> file.getFileName().toString())
                            .filter(MODEL_FILES.asMatchPredicate())
                            .sorted()
                            .toList();
            if (!taken.isEmpty()) {
                throw new InvalidInput(
                        String.format(
                                Locale.ROOT,
                                "tokenizer '%s' has a file %s, and the model's must be called that",
                                tokenizer,
                                taken.getFirst()));
            }
        }
    }
}
