package dev.kiln.platform.exchange;

import dev.kiln.platform.models.StoredModel;
import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.storage.CheckpointState;
import dev.kiln.platform.storage.Checkpoints;
import dev.kiln.platform.storage.SafetensorsContent;
import dev.kiln.spi.Choice;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.Doc;
import dev.kiln.spi.model.ModelFamily;
import dev.kiln.spi.model.TaskHead;
import dev.kiln.spi.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run folder of a model that no run made: with one checkpoint, of step 0, marked as the best. */
record ModelRunFolder(ConfigFiles configFiles) {

    /** What the config of such a run folder says. */
    record Config(
            @Doc("the model family") Choice<ModelFamily> model,
            @Doc("the task head") Choice<TaskHead> head,
            @Doc("the tokenizer") Optional<Choice<Tokenizer>> tokenizer,
            @Doc("tokens that the model knows") int vocabulary) {}

    /**
     * Fills a folder.
     *
     * @param run what the config says that made it
     * @param context its run folder is the one that this will be
     */
    void write(
            Path folder,
            String run,
            StoredModel stored,
            SafetensorsContent weights,
            Context context)
            throws IOException {
        if (!stored.text().isAbsent()) {
            stored.text().save(Files.createDirectory(folder.resolve(TrainedModel.TOKENIZER)));
        }
        stored.generation().write(folder);
        Config config =
                new Config(
                        stored.model(), stored.head(), stored.text().choice(), stored.vocabulary());
        Files.writeString(
                folder.resolve(TrainedModel.CONFIG),
                configFiles.write(run, context.seed(), context.runFolder(), config));
        Checkpoints checkpoints = new Checkpoints(folder, 1);
        checkpoints.save(
                new CheckpointState(0, 0, 0, Optional.empty(), Map.of()),
                weights,
                SafetensorsContent.of(List.of()));
        checkpoints.markBest(0);
    }
}
