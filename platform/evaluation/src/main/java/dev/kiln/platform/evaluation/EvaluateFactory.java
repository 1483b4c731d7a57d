package dev.kiln.platform.evaluation;

import dev.kiln.platform.models.TrainedModel;
import dev.kiln.platform.run.RunFolder;
import dev.kiln.spi.ConfigFiles;
import dev.kiln.spi.Context;
import dev.kiln.spi.run.RunFactory;
import jakarta.inject.Inject;

/** {@code evaluate}: a trained model answers tasks, with and without solved examples before it. */
public final class EvaluateFactory implements RunFactory<EvaluateOptions> {
    private final TrainedModel trained;
    private final ConfigFiles configFiles;

    @Inject
    public EvaluateFactory(TrainedModel trained, ConfigFiles configFiles) {
        this.trained = trained;
        this.configFiles = configFiles;
    }

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public Class<EvaluateOptions> options() {
        return EvaluateOptions.class;
    }

    @Override
    public Evaluate create(EvaluateOptions options, Context context) {
        RunFolder folder = new RunFolder(context, configFiles, name(), Evaluate.FILES);
        return new Evaluate(options, context, folder, trained, System.out);
    }
}
