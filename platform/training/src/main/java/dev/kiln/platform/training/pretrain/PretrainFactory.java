package dev.kiln.platform.training.pretrain;

import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.run.RunFolder;
import dev.kiln.platform.training.Feasibility;
import dev.kiln.platform.training.TrainingRun;
import dev.kiln.platform.training.trainee.StartingModel;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.run.Run;
import dev.kiln.spi.run.RunFactory;
import jakarta.inject.Inject;

/**
 * {@code pretrain}: trains a model, from nothing or from another one, to predict the next token of a
 * corpus.
 */
public final class PretrainFactory implements RunFactory<PretrainOptions> {
    private final ConfigFiles configFiles;
    private final TrainedModel trained;
    private final Feasibility feasibility;

    @Inject
    public PretrainFactory(ConfigFiles configFiles, TrainedModel trained, Feasibility feasibility) {
        this.configFiles = configFiles;
        this.trained = trained;
        this.feasibility = feasibility;
    }

    @Override
    public String name() {
        return "pretrain";
    }

    @Override
    public Class<PretrainOptions> options() {
        return PretrainOptions.class;
    }

    @Override
    public Run create(PretrainOptions options, Context context) {
        RunFolder folder = new RunFolder(context, configFiles, name(), StartingModel.kept());
        return new TrainingRun<>(
                new Pretrain(context, folder.path(), trained),
                options,
                context,
                folder,
                feasibility);
    }
}
