package dev.kiln.platform.training.finetune;

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

/** {@code finetune}: a trained model learns a task with a head (Radford et al., 2018, section 3). */
public final class FinetuneFactory implements RunFactory<FinetuneOptions> {
    private final ConfigFiles configFiles;
    private final TrainedModel trained;
    private final Feasibility feasibility;

    @Inject
    public FinetuneFactory(ConfigFiles configFiles, TrainedModel trained, Feasibility feasibility) {
        this.configFiles = configFiles;
        this.trained = trained;
        this.feasibility = feasibility;
    }

    @Override
    public String name() {
        return "finetune";
    }

    @Override
    public Class<FinetuneOptions> options() {
        return FinetuneOptions.class;
    }

    @Override
    public Run create(FinetuneOptions options, Context context) {
        return new TrainingRun<>(
                new Finetune(context, configFiles, trained),
                options,
                context,
                new RunFolder(context, configFiles, name(), StartingModel.kept()),
                feasibility);
    }
}
