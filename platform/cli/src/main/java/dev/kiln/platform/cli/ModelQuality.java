package dev.kiln.platform.cli;

import dev.kiln.platform.config.DefaultOptions;
import dev.kiln.platform.models.Backends;
import dev.kiln.platform.models.InvalidScore;
import dev.kiln.platform.models.LanguageModel;
import dev.kiln.platform.models.OpenModel;
import dev.kiln.platform.models.PrecisionChoice;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.runtime.KilnRuntime;
import dev.kiln.platform.training.pretrain.HeldOut;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Doc;
import dev.kiln.spi.InvalidInput;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.BackendFactory;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.data.DataSource;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * How well models predict a text: every token once, in windows of the whole context.
 *
 * @param measure of an open model
 */
record ModelQuality(
        KilnRuntime kiln, String backend, Function<LanguageModel, HeldOut.Result> measure) {
    /** Windows at a time: quality is measured once, so memory counts more than speed. */
    private static final int BATCH = 4;

    /** What a run's config says of its data. */
    record Data(@Doc("what to learn from") Optional<Choice<DataSource>> data) {}

    /**
     * @param textFile UTF-8; empty for what the run held out
     * @throws InvalidInput when there is no such text
     */
    static ModelQuality of(KilnRuntime kiln, String backend, Path model, String textFile)
            throws IOException {
        if (textFile.isEmpty()) {
            DataSource source = heldOut(kiln, model);
            return new ModelQuality(
                    kiln, backend, language -> HeldOut.measure(source, language, BATCH));
        }
        String text = text(LookContext.here().resolve(textFile));
        return new ModelQuality(kiln, backend, language -> HeldOut.measure(text, language, BATCH));
    }

    private static DataSource heldOut(KilnRuntime kiln, Path model) throws IOException {
        Path config = model.resolve(TrainedModel.CONFIG);
        Optional<Choice<DataSource>> data = Optional.empty();
        if (Files.isRegularFile(config)) {
            ConfigFiles configs = kiln.injector().getInstance(ConfigFiles.class);
            data = configs.read(config, Data.class).data();
        }
        return data.orElseThrow(
                        () ->
                                new InvalidInput(
                                        String.format(
                                                Locale.ROOT,
                                                "--evaluate: %s says nothing of data that were held out: give a text file",
                                                model)))
                .create(LookContext.here());
    }

    private static String text(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidInput("--evaluate: " + file + ": no such file");
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new InvalidInput("--evaluate: " + file + ": is not UTF-8 text", e);
        }
    }

    /**
     * The figures of a model and of what was made of it, as a table.
     *
     * @param name of what was made
     * @throws InvalidInput when a loss is no number; names the model and the token
     */
    List<List<String>> compare(Path original, boolean best, Path made, String name)
            throws IOException {
        return List.of(
                List.of("", "loss", "perplexity", "bits per byte"),
                row("original", original, best),
                row(name, made, true));
    }

    private List<String> row(String name, Path folder, boolean best) throws IOException {
        try {
            return row(name, measure(folder, best));
        } catch (InvalidScore e) {
            throw new InvalidInput("--evaluate: " + name + ", " + e.getMessage(), e);
        }
    }

    private HeldOut.Result measure(Path folder, boolean best) throws IOException {
        BackendFactory<?> factory = kiln.catalog().find(BackendFactory.class, backend);
        Choice<Backend> choice = DefaultOptions.choose(factory, kiln.catalog());
        try (Backend computes =
                        Backends.create(choice, PrecisionChoice.FLOAT32, LookContext.here());
                OpenModel opened =
                        kiln.injector()
                                .getInstance(TrainedModel.class)
                                .open(
                                        folder,
                                        best,
                                        LookContext.here(),
                                        computes,
                                        Precision.FLOAT32,
                                        _ -> {})) {
            return measure.apply(opened.language());
        }
    }

    private static List<String> row(String name, HeldOut.Result result) {
        return List.of(
                name,
                String.format(Locale.ROOT, "%.4f", result.loss()),
                String.format(Locale.ROOT, "%.2f", result.perplexity()),
                String.format(Locale.ROOT, "%.4f", result.bitsPerByte()));
    }
}
