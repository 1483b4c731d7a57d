package dev.kiln.platform.exchange;

import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.StoredModel.SavedTokenizer;
import dev.kiln.platform.models.StoredTokenizer;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.storage.HuggingFaceFolder;
import dev.kiln.platform.storage.NewFolder;
import dev.kiln.platform.storage.SafetensorsContent;
import dev.kiln.platform.storage.StoredType;
import dev.kiln.platform.storage.TensorContent;
import dev.kiln.platform.storage.WeightSource;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Shape;
import dev.kiln.toolkit.Blueprint;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Makes run folders of Hugging Face folders. Thread-safe. */
public final class ModelImport {
    private final TrainedModel trained;
    private final ConfigFiles configFiles;

    @Inject
    public ModelImport(TrainedModel trained, ConfigFiles configFiles) {
        this.trained = trained;
        this.configFiles = configFiles;
    }

    /**
     * What was imported.
     *
     * @param family name of the model's family
     * @param parameters number of all weights' elements
     * @param tokenizer name of its kind, or that it is not read, if there was one
     */
    public record Imported(
            String family, long parameters, int vocabulary, Optional<String> tokenizer) {}

    /**
     * Makes a run folder with one checkpoint, of step 0, that is marked as the best. It is there whole
     * or not at all.
     *
     * @param type what weights are kept in, F32 or BF16; where nothing is said, as they are stored
     * @param context its run folder is the one to make
     * @param notice told what was left out, and what was taken from defaults
     * @throws InvalidInput when the run folder exists, or the other is not whole or of no known
     *     family; names file and tensor
     */
    public Imported run(
            Path huggingFace, Optional<StoredType> type, Context context, Consumer<String> notice)
            throws IOException {
        if (!HuggingFaceFolder.looksLikeOne(huggingFace)) {
            throw new InvalidInput(
                    String.format(
                            Locale.ROOT,
                            "%s: is no Hugging Face folder: it has no %s",
                            huggingFace,
                            HuggingFaceFolder.CONFIG));
        }
        NewFolder.checkFree(context.runFolder());
        try (StoredModel stored = trained.find(huggingFace, true, context, notice)) {
            noticeAssumed(huggingFace, notice);
            Blueprint blueprint = Blueprint.of(stored.model().create(context), stored.vocabulary());
            NewFolder.write(
                    context.runFolder(),
                    folder ->
                            new ModelRunFolder(configFiles)
                                    .write(
                                            folder,
                                            "import",
                                            stored,
                                            weights(stored, blueprint, type),
                                            context));
            return new Imported(
                    stored.model().name(),
                    blueprint.parameters(),
                    stored.vocabulary(),
                    tokenizer(stored.text()));
        }
    }

    private static Optional<String> tokenizer(StoredTokenizer text) {
        return text.problem().isEmpty()
                ? text.named().map(SavedTokenizer::name)
                : Optional.of("files copied, not read").filter(_ -> !text.isAbsent());
    }

    private void noticeAssumed(Path huggingFace, Consumer<String> notice) {
        Map<String, Object> assumed = trained.assumed(huggingFace);
        if (!assumed.isEmpty()) {
            notice.accept(
                    huggingFace.resolve(HuggingFaceFolder.CONFIG)
                            + ": taken from transformers' defaults: "
                            + assumed.entrySet().stream()
                                    .map(key -> key.getKey() + " " + key.getValue())
                                    .collect(Collectors.joining(", ")));
        }
    }

    private static SafetensorsContent weights(
            StoredModel stored, Blueprint blueprint, Optional<StoredType> type) {
        WeightSource source = stored.weights();
        List<TensorContent> tensors =
                blueprint.parts().entrySet().stream()
                        .map(
                                part ->
                                        content(
                                                source,
                                                part.getKey(),
                                                part.getValue().shape(),
                                                type.orElseGet(() -> source.type(part.getKey()))))
                        .toList();
        return new SafetensorsContent(Map.of("format", "pt"), tensors);
    }

    private static TensorContent content(
            WeightSource source, String name, Shape shape, StoredType type) {
        return TensorContent.finite(name, type, shape, () -> source.elements(name, shape, type));
    }
}
